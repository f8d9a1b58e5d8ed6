-- Retail prices by state: US cents per kWh to USD per kWh. Delivered, all customers of a sector.
select
    {{ retail_price_columns() }},
    valid_from,
    valid_to,
    known_from,
    known_basis,
    last_observed,
    observation_count,
    grade,
    citation,
    note
from {{ restated_as_of('eia861m_retail_prices') }}
