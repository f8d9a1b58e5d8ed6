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
    valid_from,
    known_from,
    known_basis,
    grade,
    citation,
    note
from {{ records_as_of('assumptions') }}
