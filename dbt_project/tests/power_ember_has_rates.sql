-- Months of day-ahead prices that have no exchange rate and therefore no price in USD.
{{ config(severity='warn') }}
select
    price.zone_label,
    price.interval_start
from {{ source('landing', 'ember_day_ahead') }} as price
left join {{ ref('stg_power_prices__fx_rates') }} as rate
    on price.interval_start = rate.interval_start and price.interval_end = rate.interval_end
where price.known_from <= {{ as_of() }} and rate.usd_per_eur is null
