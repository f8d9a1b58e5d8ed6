{# Why a row is in no fact: what became of it, and the rule (SQL) that says so. #}
{% macro fate(fate, rule) -%}
    struct_pack(fate := '{{ fate }}', rule := {{ rule }})
{%- endmacro %}
