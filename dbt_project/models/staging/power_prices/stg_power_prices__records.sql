-- What dated records say energy costs, US cents and dollars to USD per kWh. A range without a figure of its own stands
-- at its middle. A price in another unit has no place among them and is left out.
with stated as (
    select
        *,
        coalesce(price, (price_low + price_high) / 2) as original_price,
        case price_unit when 'usc_per_kwh' then 100 else 1 end as per_dollar
    from {{ records_as_of(source('landing', 'power_prices__records')) }}
)

select
    observation_id,
    source_id,
    zone_label,
    sector,
    interval_start,
    interval_end,
    cast(original_price as decimal(18, 9)) / per_dollar as price_usd_per_kwh,
    cast(price_low as decimal(18, 9)) / per_dollar as price_usd_per_kwh_low,
    cast(price_high as decimal(18, 9)) / per_dollar as price_usd_per_kwh_high,
    original_price,
    price_unit as original_unit,
    currency as original_currency,
    cast(null as double) as fx_rate,
    cast(null as date) as fx_date,
    price is null as is_derived,
    sales_mwh,
    revenue_kusd,
    data_status,
    valid_from,
    valid_to,
    known_from,
    known_basis,
    last_observed,
    observation_count,
    grade,
    citation,
    note,
    payload_sha256,
    row_number,
    case when price_unit not in ('usd_per_kwh', 'usc_per_kwh') then 'in_another_unit' end as left_out
from stated
