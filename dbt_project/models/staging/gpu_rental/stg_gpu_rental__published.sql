-- noqa: disable=AM04
-- Indices, paid medians and forwards of rents, with the canonical GPU where a label names one or names it in general.
-- Labels come with and without the maker's name.
with labels as (
    select
        gpu_label,
        count(*) filter (where memory_high_gb = 0) as unstated_count,
        count(distinct gpu) as gpu_count
    from {{ ref('xwalk_gpu') }}
    where sku_pattern is null
    group by gpu_label
),

-- No memory is stated beside these labels: the row for that, or the only GPU there is.
gpus as (
    select distinct
        named.gpu_label,
        named.gpu,
        named.form_factor
    from {{ ref('xwalk_gpu') }} as named
    inner join labels on named.gpu_label = labels.gpu_label
    where
        named.sku_pattern is null
        and (named.memory_high_gb = 0 or (labels.unstated_count = 0 and labels.gpu_count = 1))
)

select
    figure.*,
    coalesce(bare.gpu, branded.gpu) as gpu,
    coalesce(bare.form_factor, branded.form_factor) as form_factor
from {{ records_as_of(source('landing', 'gpu_rental_published__records')) }} as figure
left join gpus as bare on lower(figure.gpu_label) = bare.gpu_label
left join gpus as branded on 'nvidia ' || lower(figure.gpu_label) = branded.gpu_label
