{# What every view of colocation rates shows of a figure. A range without a figure of its own stands at its middle. #}
{% macro colo_rate_columns() -%}
observation_id,
    source_id,
    publisher_label,
    market_label,
    facility_type,
    size_band as size_label,
    rate_type,
    coalesce(price, (price_low + price_high) / 2) as rate,
    price_low as rate_low,
    price_high as rate_high,
    price_unit,
    power_included
{%- endmacro %}
