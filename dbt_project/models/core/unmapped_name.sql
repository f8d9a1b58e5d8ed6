-- Names no crosswalk knows: counted and shown, never guessed.
select
    family,
    kind,
    label,
    cast(row_count as bigint) as row_count
from {{ ref('stg_gpu_rental__unmapped') }}
union all
select family, kind, label, cast(row_count as bigint) from {{ ref('stg_power_prices__unmapped') }}
union all
select family, kind, label, cast(row_count as bigint) from {{ ref('stg_colo_rates__unmapped') }}
union all
select 'token_prices', 'provider', provider, count(*)
from {{ ref('stg_token_prices__union') }}
where provider_is_unmapped
group by provider
union all
select 'throughput', 'gpu', gpu_label, count(*)
from {{ ref('stg_throughput__per_gpu') }}
where gpu is null
group by gpu_label
