-- Day-ahead prices: EUR per MWh to USD per kWh at the mean rate of the same month. Wholesale, energy alone.
-- A month without a rate has no price in USD and is left out; the test power_ember_has_rates tells.
select
    price.observation_id,
    price.source_id,
    price.zone_label,
    price.sector,
    price.interval_start,
    price.interval_end,
    price.price * rate.usd_per_eur / 1000 as price_usd_per_kwh,
    cast(null as decimal(18, 9)) as price_usd_per_kwh_low,
    cast(null as decimal(18, 9)) as price_usd_per_kwh_high,
    price.price as original_price,
    price.price_unit as original_unit,
    price.currency as original_currency,
    rate.usd_per_eur as fx_rate,
    rate.last_rate_date as fx_date,
    -- Our mean of the publisher's days, not the publisher's month.
    coalesce(price.data_status = 'mean_of_days', false) as is_derived,
    price.sales_mwh,
    price.revenue_kusd,
    price.data_status,
    price.valid_from,
    price.valid_to,
    price.known_from,
    price.known_basis,
    price.last_observed,
    price.observation_count,
    price.grade,
    price.citation,
    price.note,
    price.payload_sha256,
    price.row_number,
    case when rate.usd_per_eur is null then 'no_exchange_rate' end as left_out
from {{ restated_as_of('ember_day_ahead') }} as price
left join {{ ref('stg_power_prices__fx_rates') }} as rate
    on price.interval_start = rate.interval_start and price.interval_end = rate.interval_end
