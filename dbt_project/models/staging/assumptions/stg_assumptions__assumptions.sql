{% set sources = [
    'assumptions', 'operands_gpu_hour', 'operands_facility', 'operands_serving', 'operands_capital', 'operands_factory',
    'operands_usage', 'operands_labs'
] %}
{% for source_id in sources %}
    select
        observation_id,
        source_id,
        assumption_set,
        parameter,
        coalesce(subject, '') as subject,
        value,
        value_low,
        value_high,
        unit,
        publisher,
        valid_from,
        known_from,
        known_basis,
        grade,
        citation,
        note
    from {{ records_as_of(source_id) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
