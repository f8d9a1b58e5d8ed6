-- noqa: disable=RF04,AM04
-- Labels no crosswalk knows, with the rows they keep out of the facts. Accelerators that are not GPUs are among them.
select
    'gpu_rental' as family,
    'gpu' as kind,
    gpu_label as label,
    count(*) as row_count
from {{ ref('stg_gpu_rental__labelled') }}
where not is_gpu_label_known
group by gpu_label
union all
select
    'gpu_rental' as family,
    'provider' as kind,
    provider_label as label,
    count(*) as row_count
from {{ ref('stg_gpu_rental__labelled') }}
where provider is null
group by provider_label
