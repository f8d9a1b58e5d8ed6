-- Prices in euros of loaded files whose month has no exchange rate; without one they have no price in USD.
{{ config(severity='warn') }}
select
    price.source_id,
    price.zone_label,
    price.interval_start
from {{ source('landing', 'loaded_power_prices') }} as price
left join {{ ref('stg_power_prices__fx_rates') }} as rate
    on date_trunc('month', price.interval_start) = rate.interval_start
where price.known_from <= {{ as_of() }} and price.currency = 'EUR' and rate.usd_per_eur is null
