-- Prices of single market intervals with every restatement. Series of several lengths and auctions of one zone stand side
-- by side; is_chosen says which one speaks for the zone on a civil day (stg_power_prices__intervals).
select
    observation_id,
    source_id,
    zone,
    sector,
    interval_start,
    interval_end,
    timezone,
    civil_day,
    resolution,
    cast(auction as integer) as auction,
    is_chosen,
    cast(price_usd_per_kwh as decimal(18, 9)) as price_usd_per_kwh,
    cast(price as decimal(18, 9)) as original_price,
    price_unit as original_unit,
    currency as original_currency,
    cast(fx_rate as decimal(18, 9)) as fx_rate,
    fx_date,
    cast(revision as integer) as revision,
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
from {{ ref('stg_power_prices__intervals') }}
where zone is not null and left_out is null
order by source_id, zone, sector, interval_start, resolution, auction, known_from
