-- noqa: disable=RF04,AM04
-- Labels no crosswalk knows, with the rows they keep out of the facts and what those rows ask for an hour, so that the
-- dearest gap can be closed first.
select
    'gpu_rental' as family,
    'gpu' as kind,
    gpu_label as label,
    string_agg(distinct source_id, ', ' order by source_id) as source_ids,
    count(*) as row_count,
    -- USD per GPU-hour where a count is stated, else per instance; a sum of decimals, the same in any order.
    cast(sum(cast(price * coalesce(per_gpu, 1) as decimal(38, 9))) as double) as price_weight,
    max(price * coalesce(per_gpu, 1)) as highest_price
from {{ ref('stg_gpu_rental__labelled') }}
where not is_gpu_label_known and left_out is null
group by gpu_label
union all
select
    'gpu_rental' as family,
    'provider' as kind,
    provider_label as label,
    string_agg(distinct source_id, ', ' order by source_id) as source_ids,
    count(*) as row_count,
    -- USD per GPU-hour where a count is stated, else per instance; a sum of decimals, the same in any order.
    cast(sum(cast(price * coalesce(per_gpu, 1) as decimal(38, 9))) as double) as price_weight,
    max(price * coalesce(per_gpu, 1)) as highest_price
from {{ ref('stg_gpu_rental__labelled') }}
where provider is null and left_out is null
group by provider_label
union all
select
    'gpu_rental' as family,
    'gpu' as kind,
    gpu_label as label,
    string_agg(distinct source_id, ', ' order by source_id) as source_ids,
    count(*) as row_count,
    cast(sum(cast(price as decimal(38, 9))) as double) as price_weight,
    max(price) as highest_price
from {{ ref('stg_gpu_rental__published') }}
where gpu is null
group by gpu_label
