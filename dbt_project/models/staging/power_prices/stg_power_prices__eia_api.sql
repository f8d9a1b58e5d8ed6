-- Retail prices by state from the open data API: US cents per kWh to USD per kWh. The agency's own sums over regions
-- and the country stay out: the country is derived from the states (test power_us_total_meets_the_agencys).
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
from {{ retail_months('eia_api') }}
where zone_label not in ('US', 'NEW', 'MAT', 'ENC', 'WNC', 'SAT', 'ESC', 'WSC', 'MTN', 'PACC', 'PACN')
