{# Runs of one rental history as they stood on the as-of day (docs/adr/0001).

   `capture_group` is the expression that names a row's group in the history's calendar of captures. A run that ends
   later is still open; a run seen later was last seen at its latest capture up to that day. #}
{% macro rental_runs(source_id, capture_group, commitment="runs.commitment") %}
with runs as (
    select
        *,
        {{ capture_group }} as capture_group
    from {{ source('landing', source_id) }}
    where known_from <= {{ as_of() }}
),

seen_so_far as (
    select
        runs.observation_id,
        max(captures.capture_date) as last_observed,
        count(*) as observation_count
    from runs
    inner join {{ source('landing', source_id ~ '_captures') }} as captures
        on runs.capture_group = captures.capture_group
        and captures.capture_date between runs.valid_from and {{ as_of() }}
    where runs.last_observed > {{ as_of() }}
    group by runs.observation_id
)

select
    runs.observation_id,
    runs.source_id,
    runs.capture_group,
    runs.provider_label,
    runs.sku_label,
    runs.gpu_label,
    runs.gpu_memory_gb,
    runs.region_label,
    runs.gpu_count,
    {{ commitment }} as commitment,
    runs.price,
    runs.price_low,
    runs.price_high,
    runs.price_unit,
    runs.valid_from,
    case when runs.valid_to <= {{ as_of() }} then runs.valid_to end as valid_to,
    runs.known_from,
    runs.known_basis,
    coalesce(seen_so_far.last_observed, runs.last_observed) as last_observed,
    coalesce(seen_so_far.observation_count, runs.observation_count) as observation_count,
    runs.grade,
    runs.citation
from runs
left join seen_so_far on runs.observation_id = seen_so_far.observation_id
{% endmacro %}
