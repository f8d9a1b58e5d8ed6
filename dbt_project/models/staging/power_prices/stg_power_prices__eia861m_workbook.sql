-- Retail prices by state from the agency's workbook: US cents per kWh to USD per kWh.
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
    note
from {{ retail_months('eia861m_workbook') }}
