{#
  A list of today's token prices as rows of the family: a figure per seller, label, kind, processing and tier, folded
  over its readings (snapshots_as_of).
#}
{% macro token_price_snapshots(source_id) -%}
select
    observation_id,
    source_id,
    provider_label,
    model_label,
    model_name,
    token_kind,
    processing,
    tier,
    price,
    price_unit,
    valid_from,
    valid_to,
    known_from,
    known_to,
    known_basis,
    last_observed,
    observation_count,
    grade,
    citation
from {{ snapshots_as_of(
    source_id,
    item=['provider_label', 'model_label', 'token_kind', 'processing', 'tier'],
    figure=['price', 'price_unit']
) }}
{%- endmacro %}
