-- Rates users loaded from files of their own: quotes, bought data. USD per kW of contracted load and month, or percent.
-- A range without a figure of its own stands at its middle.
select
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
    power_included,
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
from {{ loaded_as_of('colo_rates') }}
