{#
  Which of a seller's offers of a model is the plain one, as an ORDER BY list, plainest first: no route or option; no
  region named, else any region (global), whose price has no premium; no number format named. Speed is the column
  processing, length the column tier; a version named by its day is no other offer.
#}
{% macro plain_offer(offer='') -%}
    {{ offer }}route <> 'standard' asc,
    case {{ offer }}region when 'unspecified' then 0 when 'global' then 1 else 2 end asc,
    {{ offer }}quantisation <> 'unspecified' asc
{%- endmacro %}
