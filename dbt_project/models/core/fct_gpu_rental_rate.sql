-- List prices of an hour of one GPU: one row per change, as far as the as-of day knows.
with priced as (
    select *
    from {{ ref('stg_gpu_rental__judged') }}
    where rejection is null
),

-- A tracker that turns a list of another currency into USD does so at the rate of the business day before.
converted as (
    select
        priced.observation_id,
        rate.list_currency,
        rate.usd_per_unit
    from priced
    asof inner join {{ ref('rental_list_currency') }} as rate
        on
            priced.source_id = rate.source_id
            and priced.provider = rate.provider
            and priced.valid_from > rate.rate_date
)

select
    priced.observation_id,
    source_id,
    provider,
    coalesce(sku_label, 'unspecified') as sku,
    gpu,
    form_factor,
    commitment,
    'ask' as price_basis,
    cast(coalesce(term_months, case commitment when 'reserved_1y' then 12 when 'reserved_3y' then 36 end) as integer)
        as term_months,
    coalesce(region_label, 'unspecified') as region,
    case
        when gpu_count is null then 'unspecified'
        when gpu_count = floor(gpu_count) then cast(cast(gpu_count as integer) as varchar)
        else cast(round(gpu_count, 6) as varchar)
    end as gpu_count,
    cast(price_per_gpu as decimal(18, 9)) as price_usd_per_gpu_hour,
    cast(coalesce(price_low * per_gpu, price_per_gpu) as decimal(18, 9)) as price_usd_per_gpu_hour_low,
    cast(coalesce(price_high * per_gpu, price_per_gpu) as decimal(18, 9)) as price_usd_per_gpu_hour_high,
    original_price,
    original_unit,
    correction_ids,
    valid_from,
    valid_to,
    known_from,
    cast(null as date) as known_to,
    known_basis,
    last_observed,
    cast(observation_count as bigint) as observation_count,
    grade,
    citation,
    capture_group,
    coalesce(converted.list_currency, 'USD') as list_currency,
    converted.usd_per_unit as list_currency_usd,
    price_per_gpu / converted.usd_per_unit as list_price_per_gpu_hour,
    payload_sha256,
    row_number
from priced
left join converted on priced.observation_id = converted.observation_id
order by gpu, commitment, provider, sku, region, gpu_count, source_id, valid_from, priced.observation_id
