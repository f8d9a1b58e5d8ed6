-- Published rates and changes, as one publisher states them or the press quotes it. USD per kW of contracted load and
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
    note
from {{ records_as_of('colo_market_facts') }}
