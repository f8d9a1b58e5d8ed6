{# A pattern of the seed segment_name with its {placeholders} filled by columns of the same names. A placeholder whose
   column is null stays, so that a name that still holds a brace could not be made. #}
{% macro filled(pattern, columns) -%}
    {%- set made = namespace(text=pattern) -%}
    {%- for column in columns -%}
        {%- set made.text = "replace(" ~ made.text ~ ", '{" ~ column ~ "}', coalesce(" ~ column ~ ", '{" ~ column ~ "}'))" -%}
    {%- endfor -%}
    {{ made.text }}
{%- endmacro %}
