-- Energy prices users loaded from files of their own, to USD per kWh; euros at the mean rate of the month in which the
-- interval begins. One without a rate has no price in USD and is left out; the test power_loaded_has_rates tells.
-- A status is kept where it is one that other publishers use too; any other stands in the note.
with stated as (
    select
        *,
        case price_unit when 'usc_per_kwh' then 0.01 when 'usd_per_kwh' then 1 else 0.001 end as per_kwh,
        coalesce(price, (price_low + price_high) / 2) as original_price
    from {{ loaded_as_of('power_prices') }}
)

select
    price.observation_id,
    price.source_id,
    price.zone_label,
    price.sector,
    price.interval_start,
    price.interval_end,
    price.original_price * price.per_kwh * coalesce(rate.usd_per_eur, 1) as price_usd_per_kwh,
    price.price_low * price.per_kwh * coalesce(rate.usd_per_eur, 1) as price_usd_per_kwh_low,
    price.price_high * price.per_kwh * coalesce(rate.usd_per_eur, 1) as price_usd_per_kwh_high,
    price.original_price,
    price.price_unit as original_unit,
    price.currency as original_currency,
    rate.usd_per_eur as fx_rate,
    rate.last_rate_date as fx_date,
    price.price is null as is_derived,
    price.sales_mwh,
    price.revenue_kusd,
    status.value as data_status,
    price.valid_from,
    price.valid_to,
    price.known_from,
    price.known_basis,
    price.last_observed,
    price.observation_count,
    price.grade,
    price.citation,
    concat_ws('; ', price.note, case when status.value is null then price.data_status end) as note,
    price.payload_sha256,
    price.row_number,
    price.landed_rows,
    case when price.currency <> 'USD' and rate.usd_per_eur is null then 'no_exchange_rate' end as left_out
from stated as price
left join {{ ref('stg_power_prices__fx_rates') }} as rate
    on price.currency = 'EUR' and date_trunc('month', price.interval_start) = rate.interval_start
left join {{ ref('enumeration_power') }} as status
    on status.column_name = 'data_status' and price.data_status = status.value
