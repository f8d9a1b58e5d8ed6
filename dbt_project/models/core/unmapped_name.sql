-- Names no crosswalk knows: counted and shown by what their rows ask, never guessed.
select
    family,
    kind,
    label,
    cast(row_count as bigint) as row_count,
    price_weight
from {{ ref('stg_gpu_rental__unmapped') }}
union all
select family, kind, label, cast(row_count as bigint), null from {{ ref('stg_power_prices__unmapped') }}
union all
select family, kind, label, cast(row_count as bigint), null from {{ ref('stg_colo_rates__unmapped') }}
union all
select
    'token_prices',
    'provider',
    provider,
    count(*),
    cast(sum(cast(price_usd_per_mtok as decimal(38, 9))) as double)
from {{ ref('stg_token_prices__union') }}
where provider_is_unmapped
group by provider
union all
select 'throughput', 'gpu', gpu_label, count(*), null
from {{ ref('stg_throughput__per_gpu') }}
where gpu is null
group by gpu_label
order by family, price_weight desc nulls last, row_count desc, kind, label
