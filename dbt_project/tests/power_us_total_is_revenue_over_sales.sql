-- The current US total against the current figures of the states: returns months where they part.
with states as (
    select
        source_id,
        sector,
        interval_start,
        sum(revenue_kusd) / sum(sales_mwh) as price_usd_per_kwh,
        count(*) as area_count
    from {{ ref('fct_power_price') }}
    where zone like 'US-%' and zone != 'US-PR' and known_to is null
    group by source_id, sector, interval_start
)

select
    total.source_id,
    total.sector,
    total.interval_start,
    total.price_usd_per_kwh,
    states.price_usd_per_kwh as states_price_usd_per_kwh
from {{ ref('fct_power_price') }} as total
inner join states
    on
        total.source_id = states.source_id
        and total.sector = states.sector
        and total.interval_start = states.interval_start
where
    total.zone = 'US'
    and total.known_to is null
    and (not total.is_derived or abs(total.price_usd_per_kwh - states.price_usd_per_kwh) > 1e-8)
