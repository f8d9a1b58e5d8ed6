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
    known_from,
    grade,
    citation
from {{ records_as_of('epoch_hardware') }}
