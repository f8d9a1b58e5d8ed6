{# Values of the model's enumerated columns that the enumeration (a seed) lacks. Nulls are not values. #}
{% test values_enumerated(model, columns, listed) %}
with used as (
    {% for column in columns %}
        select distinct
            '{{ column }}' as column_name,
            {{ column }} as used_value
        from {{ model }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    used.column_name,
    used.used_value
from used
left join {{ listed }} as listed
    on used.column_name = listed.column_name and used.used_value = listed.value
where used.used_value is not null and listed.value is null
{% endtest %}
