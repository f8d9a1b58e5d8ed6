-- noqa: disable=LT02
-- Values of enumerated columns that the enumeration lacks.
with used as (
    {% for column in ['zone', 'sector', 'original_unit', 'data_status'] %}
        select distinct
            '{{ column }}' as column_name,
            {{ column }} as used_value
        from {{ ref('fct_power_price') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    used.column_name,
    used.used_value
from used
left join {{ ref('enumeration_power') }} as listed
    on used.column_name = listed.column_name and used.used_value = listed.value
where used.used_value is not null and listed.value is null
