{# A model's schema is the name it gives, not "<target schema>_<name>": core is core on every target. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
