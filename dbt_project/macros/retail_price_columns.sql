{# What every view of the agency's retail prices shows of a figure: US cents per kWh as USD per kWh, as printed beside it. #}
{% macro retail_price_columns() -%}
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
    payload_sha256,
    row_number
{%- endmacro %}
