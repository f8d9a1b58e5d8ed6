{# Thresholds of a seed of rules (rule, value, unit, reason) as one row with a column for each name. #}
{% macro rules(seed, names, prefix='') -%}
    select
        {% for name in names %}
        max(value) filter (rule = '{{ prefix }}{{ name }}') as {{ name }}{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref(seed) }}
{%- endmacro %}
