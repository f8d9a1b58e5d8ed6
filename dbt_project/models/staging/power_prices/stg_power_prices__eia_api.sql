-- Retail prices by state from the open data API: US cents per kWh to USD per kWh. The agency's own sums over regions
-- and the country are left out: the country is derived from the states (test power_us_total_meets_the_agencys).
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
    case
        when zone_label in ('US', 'NEW', 'MAT', 'ENC', 'WNC', 'SAT', 'ESC', 'WSC', 'MTN', 'PACC', 'PACN') then 'sum_of_areas'
        else left_out
    end as left_out
from {{ intervals_as_of(source('landing', 'eia_api')) }}
