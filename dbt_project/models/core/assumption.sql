select
    observation_id,
    assumption_set,
    parameter,
    subject,
    value,
    value_low,
    value_high,
    unit,
    source_id,
    publisher,
    valid_from,
    known_from,
    known_basis,
    grade,
    citation,
    note
from {{ ref('stg_assumptions__assumptions') }}
