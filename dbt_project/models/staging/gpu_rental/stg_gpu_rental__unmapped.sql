-- noqa: disable=RF04,AM04
-- Labels no crosswalk knows, with the rows they keep out of the facts and what those rows ask for an hour, so that the
-- dearest gap can be closed first. USD per GPU-hour where a count is stated, else per instance; a sum of decimals is the
-- same in any order.
{% for staged, kind, unknown, price in [
    (
        'stg_gpu_rental__labelled', 'gpu', 'not is_gpu_label_known and left_out is null', 'price * coalesce(per_gpu, 1)'
    ),
    (
        'stg_gpu_rental__labelled', 'provider', 'provider is null and left_out is null', 'price * coalesce(per_gpu, 1)'
    ),
    ('stg_gpu_rental__published', 'gpu', 'gpu is null', 'price'),
] %}
    {% if not loop.first %}union all{% endif %}
    select
        'gpu_rental' as family,
        '{{ kind }}' as kind,
        {{ kind }}_label as label,
        string_agg(distinct source_id, ', ' order by source_id) as source_ids,
        count(*) as row_count,
        cast(sum(cast({{ price }} as decimal(38, 9))) as double) as price_weight,
        max({{ price }}) as highest_price
    from {{ ref(staged) }}
    where {{ unknown }}
    group by {{ kind }}_label
{% endfor %}
