-- List prices of an hour of one GPU: one row per change, as far as the as-of day knows.
select
    observation_id,
    source_id,
    provider,
    coalesce(sku_label, 'unspecified') as sku,
    gpu,
    form_factor,
    commitment,
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
    capture_group
from {{ ref('stg_gpu_rental__judged') }}
where rejection is null
order by gpu, commitment, provider, sku, region, gpu_count, source_id, valid_from, observation_id
