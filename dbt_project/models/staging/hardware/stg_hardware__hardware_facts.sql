select
    observation_id,
    source_id,
    gpu_label,
    attribute,
    value,
    value_low,
    value_high,
    unit,
    valid_from,
    valid_to,
    known_from,
    known_basis,
    last_observed,
    observation_count,
    grade,
    citation
from {{ records_as_of('hardware_facts') }}
