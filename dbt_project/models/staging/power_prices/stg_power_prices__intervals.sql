-- Market intervals of all sources, with the canonical zone of the civil day, dollars at the civil month's mean rate, and
-- which series speaks for the zone on a civil day: that of the first (or only) auction, an hour long before Europe's
-- day-ahead auction went to quarters of an hour, a quarter of an hour from then on. A table: three models read it.
{{ config(materialized='table') }}
with rule as (
    select
        make_date(
            cast(max(value) filter (rule = 'quarter_hour_year') as int),
            cast(max(value) filter (rule = 'quarter_hour_month') as int),
            1
        ) as quarters_from
    from {{ ref('rules_power') }}
),

together as (
    select * from {{ intervals_as_of(source('landing', 'power_prices_interval__snapshots')) }}
),

dated as (
    select
        together.* exclude (capture_group, left_out),
        coalesce(together.left_out, case when correction.reason_code is not null then 'rejected_by_correction' end)
            as left_out,
        -- The contract's valid_from is the civil day an interval begins on.
        together.valid_from as civil_day,
        cast(date_trunc('month', together.valid_from) as date) as civil_month,
        -- A row that is left out speaks for no zone.
        coalesce(together.auction, 1) = 1 and left_out is null as is_first_auction,
        -- Of a numbered and an unnumbered series of one length the numbered one: an interval has one chosen price.
        2 * list_position(
            case
                when together.valid_from >= rule.quarters_from then ['PT15M', 'PT30M', 'PT60M', 'PT5M', 'P1D']
                else ['PT60M', 'PT30M', 'PT15M', 'PT5M', 'P1D']
            end,
            together.resolution
        )
        + case when together.auction is null then 1 else 0 end as preference
    from together
    cross join rule
    left join {{ ref('stg_corrections__acting') }} as correction
        on together.observation_id = correction.observation_id
)

select
    dated.* exclude (is_first_auction, preference),
    xwalk.zone,
    rate.usd_per_eur as fx_rate,
    rate.last_rate_date as fx_date,
    coalesce(
        dated.is_first_auction
        and dated.preference = min(dated.preference) filter (dated.is_first_auction) over (
            partition by dated.source_id, dated.zone_label, dated.sector, dated.civil_day
        ),
        false
    ) as is_chosen,
    case
        when dated.price_unit = 'eur_per_mwh' then dated.price * rate.usd_per_eur / 1000
        when dated.price_unit = 'usd_per_mwh' then dated.price / 1000
        when dated.price_unit = 'usc_per_kwh' then dated.price / 100
    end as price_usd_per_kwh
from dated
left join {{ ref('xwalk_power_zone') }} as xwalk
    on
        dated.source_id = xwalk.source_id
        and lower(dated.zone_label) = xwalk.zone_label
        and dated.civil_day >= coalesce(xwalk.valid_from, date '0001-01-01')
        and dated.civil_day < coalesce(xwalk.valid_to, date '9999-12-31')
left join {{ ref('stg_power_prices__fx_rates') }} as rate
    on dated.currency = 'EUR' and dated.civil_month = rate.interval_start
