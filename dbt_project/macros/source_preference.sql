{#
  The written rule by which one source speaks where several state the same thing, as an ORDER BY list, best first:
  fresh before stale, the better grade, within it the better standing (seed token_price_source, with its reasons; 0
  where none is written down), the one seen last, the one that looks more often, the source id.
  Arguments are SQL. is_stale is 'false' where age says nothing about a figure (a past interval's).
#}
{% macro source_preference(is_stale, grade, last_observed, cadence_days, source_id, standing='0') -%}
    {{ is_stale }} asc,
    {{ grade }} asc,
    {{ standing }} + 0 asc,
    {{ last_observed }} desc,
    {{ cadence_days }} asc,
    {{ source_id }} asc
{%- endmacro %}

{# How old a figure may be before it is stale. Days. #}
{% macro fresh_days(rule, dim_source) -%}
    greatest({{ rule }}.stale_cadence_multiple * {{ dim_source }}.cadence_days, {{ rule }}.fresh_floor_days)
{%- endmacro %}
