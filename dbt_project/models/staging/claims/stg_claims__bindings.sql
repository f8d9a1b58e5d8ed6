-- What a claim is computed from says nothing of the world: it has no dates of its own, its claim has.
{% set topics = ['gpu_hour', 'facility', 'serving', 'capital', 'factory', 'usage', 'labs'] %}
{% for topic in topics %}
    select
        observation_id,
        source_id,
        claim_id as bound_id,
        split_part(claim_id, '#', 1) as claim_id,
        nullif(split_part(claim_id, '#', 2), '') as claim_end,
        figure,
        published_factor,
        operand,
        value,
        value_low,
        value_high,
        assumption,
        observed,
        unit,
        citation,
        note
    from {{ source('landing', 'claim_bindings_' ~ topic) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
