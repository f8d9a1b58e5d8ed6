-- Prices of energy with every restatement: months and longer. The US total is derived from the states, once for each
-- source of them; the months of market prices are derived from their intervals.
with rule as (
    select max(value) filter (rule = 'us_total_areas') as us_total_areas from {{ ref('rules_power') }}
),

stated as (
    select
        * exclude (known_to),
        -- A source that is looked at as a whole says when a figure vanished; otherwise the next figure ends it.
        coalesce(known_to, lead(known_from) over (
            partition by source_id, zone, sector, interval_start
            order by known_from
        )) as known_to
    from {{ ref('stg_power_prices__labelled') }}
    where zone is not null and rejection is null and left_out is null
),

areas as (
    select * from stated
    where
        source_id in (select sold.source_id from stated as sold where sold.revenue_kusd is not null)
        and zone like 'US-%'
        and zone != 'US-PR'
),

-- The total changes whenever a figure of one of its areas does: once for each day on which one became known, or went.
changes as (
    select
        source_id,
        sector,
        interval_start,
        interval_end,
        known_from as turn
    from areas
    union
    select
        source_id,
        sector,
        interval_start,
        interval_end,
        known_to
    from areas
    where known_to is not null
),

turns as (
    select
        *,
        lead(turn) over (partition by source_id, sector, interval_start order by turn) as next_turn
    from changes
),

totals as (
    select
        turns.source_id,
        turns.sector,
        turns.interval_start,
        turns.interval_end,
        turns.turn as known_from,
        turns.next_turn as known_to,
        -- Decimals add up to the same figure in any order.
        sum(cast(areas.revenue_kusd as decimal(18, 3))) as revenue_kusd,
        sum(cast(areas.sales_mwh as decimal(18, 3))) as sales_mwh,
        case when bool_and(areas.data_status = 'Final') then 'Final' else 'Preliminary' end as data_status,
        -- The total stood as long as all its areas did.
        min(areas.last_observed) as last_observed,
        any_value(areas.known_basis) as known_basis,
        max(areas.grade) as grade,
        max_by(areas.citation, areas.known_from) as citation,
        any_value(areas.valid_to) as valid_to
    from turns
    inner join areas
        on
            turns.source_id = areas.source_id
            and turns.sector = areas.sector
            and turns.interval_start = areas.interval_start
            and turns.turn >= areas.known_from
            and (areas.known_to is null or turns.turn < areas.known_to)
    group by turns.source_id, turns.sector, turns.interval_start, turns.interval_end, turns.turn, turns.next_turn
    -- A total that lacks an area is none.
    having count(areas.revenue_kusd) = (select us_total_areas from rule) and sum(areas.sales_mwh) > 0
),

us_total as (
    select
        totals.source_id || ':us_total:' || totals.sector || ':' || totals.interval_start || ':'
        || totals.known_from as observation_id,
        totals.source_id,
        'US' as zone, -- noqa: RF04
        totals.sector,
        totals.interval_start,
        totals.interval_end,
        totals.revenue_kusd / totals.sales_mwh as price_usd_per_kwh,
        null as price_usd_per_kwh_low,
        null as price_usd_per_kwh_high,
        100 * (totals.revenue_kusd / totals.sales_mwh) as original_price,
        'usc_per_kwh' as original_unit,
        'USD' as original_currency,
        null as fx_rate,
        null as fx_date,
        true as is_derived,
        totals.sales_mwh,
        totals.revenue_kusd,
        totals.data_status,
        totals.interval_start as valid_from,
        totals.valid_to,
        totals.known_from,
        totals.known_to,
        totals.known_basis,
        totals.last_observed,
        (
            select count(distinct look.capture_date)
            from {{ ref('stg_power_prices__retail_looks') }} as look
            where
                look.source_id = totals.source_id
                and look.capture_date between totals.known_from and totals.last_observed
        ) as observation_count,
        totals.grade,
        totals.citation,
        'derived: revenue over sales, summed over the 50 states and DC; Puerto Rico is no part of it' as note
    from totals
),

together as (
    select * exclude (zone_label, rejection, correction_ids, left_out, landed_rows) from stated
    union all by name
    select * from us_total
    union all by name
    select * from {{ ref('stg_power_prices__interval_months') }}
)

select
    observation_id,
    source_id,
    zone,
    sector,
    interval_start,
    interval_end,
    cast(price_usd_per_kwh as decimal(18, 9)) as price_usd_per_kwh,
    cast(price_usd_per_kwh_low as decimal(18, 9)) as price_usd_per_kwh_low,
    cast(price_usd_per_kwh_high as decimal(18, 9)) as price_usd_per_kwh_high,
    cast(original_price as decimal(18, 9)) as original_price,
    original_unit,
    original_currency,
    cast(fx_rate as decimal(18, 9)) as fx_rate,
    cast(fx_date as date) as fx_date,
    is_derived,
    cast(sales_mwh as decimal(18, 3)) as sales_mwh,
    cast(revenue_kusd as decimal(18, 3)) as revenue_kusd,
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
    note,
    payload_sha256,
    row_number
from together
order by zone, sector, interval_start, known_from, source_id
