-- Which GPU, under which commitment, of which provider was seen in which quarter, and how often.
select
    rates.gpu,
    rates.commitment,
    rates.provider,
    year(captures.capture_date) || '-Q' || quarter(captures.capture_date) as quarter,  -- noqa: RF04
    cast(count(*) as integer) as quote_count,
    min(captures.capture_date) as first_observed,
    max(captures.capture_date) as last_observed
from {{ ref('fct_gpu_rental_rate') }} as rates
inner join {{ ref('stg_gpu_rental__captures') }} as captures
    on
        rates.source_id = captures.source_id
        and rates.capture_group = captures.capture_group
        and captures.capture_date between rates.valid_from and rates.last_observed
group by all
order by rates.gpu, rates.commitment, rates.provider, quarter
