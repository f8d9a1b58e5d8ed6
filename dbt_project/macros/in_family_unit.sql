{# A price in its family's unit; `unit` is the row of landing.price_unit, or none. A price without a rule stays as it is. #}
{% macro in_family_unit(price, unit='unit') -%}
    {{ price }} * coalesce({{ unit }}.multiply_by, 1) / coalesce({{ unit }}.divide_by, 1)
{%- endmacro %}
