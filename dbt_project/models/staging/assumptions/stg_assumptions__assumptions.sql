-- Values somebody states or we choose, of every set, known by the as-of day.
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
from {{ records_as_of(source('landing', 'assumptions__records')) }}
