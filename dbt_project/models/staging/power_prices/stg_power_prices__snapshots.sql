-- Retail prices by state from the agency's workbook, with every restatement: US cents per kWh to USD per kWh.
select
    {{ retail_price_columns() }},
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
    landed_rows,
    left_out
from {{ intervals_as_of(source('landing', 'power_prices__snapshots')) }}
