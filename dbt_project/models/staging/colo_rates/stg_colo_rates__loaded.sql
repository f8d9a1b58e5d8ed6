-- Rates users loaded from files of their own: quotes, bought data. USD per kW of contracted load and month, or percent.
-- A range without a figure of its own stands at its middle.
select
    {{ colo_rate_columns() }},
    valid_from,
    valid_to,
    known_from,
    known_to,
    known_basis,
    last_observed,
    observation_count,
    grade,
    citation,
    note,
    payload_sha256,
    row_number,
    landed_rows
from {{ loaded_as_of('colo_rates') }}
