{#
  The last columns of a fact whose rows nobody restates: when its figure held and was known, who says so, and where its
  row lies. alias: the relation's, with its point; note: whether the fact keeps what a reader must know.
#}
{% macro observed(alias='', note=false) -%}
    {{ alias }}valid_from,
    {{ alias }}valid_to,
    {{ alias }}known_from,
    cast(null as date) as known_to,
    {{ alias }}known_basis,
    {{ alias }}last_observed,
    cast({{ alias }}observation_count as bigint) as observation_count,
    {{ alias }}grade,
    {{ alias }}citation,
    {% if note %}{{ alias }}note,
    {% endif %}{{ alias }}payload_sha256,
    {{ alias }}row_number
{%- endmacro %}
