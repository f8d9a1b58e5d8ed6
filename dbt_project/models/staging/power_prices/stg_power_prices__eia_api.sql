-- Retail prices by state from the open data API: US cents per kWh to USD per kWh. The agency's own sums over regions
-- and the country stay out: the country is derived from the states (test power_us_total_meets_the_agencys).
select
    observation_id,
    source_id,
    zone_label,
    sector,
    interval_start,
    interval_end,
    cast(price as decimal(18, 9)) / 100 as price_usd_per_kwh,
    cast(null as decimal(18, 9)) as price_usd_per_kwh_low,
    cast(null as decimal(18, 9)) as price_usd_per_kwh_high,
    price as original_price,
    price_unit as original_unit,
    currency as original_currency,
    cast(null as double) as fx_rate,
    cast(null as date) as fx_date,
    false as is_derived,
    sales_mwh,
    revenue_kusd,
    data_status,
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
