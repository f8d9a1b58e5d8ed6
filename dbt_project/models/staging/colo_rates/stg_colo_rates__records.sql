-- Published rates and changes, as a publisher, the press or a document states them. USD per kW of contracted load and
-- month, or percent. A range without a figure of its own stands at its middle.
select
    {{ colo_rate_columns() }},
    valid_from,
    valid_to,
    known_from,
    known_basis,
    last_observed,
    observation_count,
    grade,
    citation,
    note,
    payload_sha256,
    row_number
from {{ records_as_of(source('landing', 'colo_rates__records')) }}
