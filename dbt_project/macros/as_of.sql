{# The day whose knowledge the build may use, as a DATE. #}
{% macro as_of() -%}
    cast('{{ var("as_of") }}' as date)
{%- endmacro %}
