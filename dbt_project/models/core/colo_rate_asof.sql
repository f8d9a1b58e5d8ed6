-- The colocation rate that stands for each day of the calendar and market, as the release knows it. Grade decides before
-- date: a published rate (A, B), fresh or stale, goes before a repost, an estimate and the documents' own table (C), which
-- speak only where nobody published a rate. Then fresh levels come first, and among them the standard size (250-500
-- kW), then levels that state no size, then other sizes; within a size the latest. Where nothing is fresh the latest
-- level of any size is shown, marked stale.
-- Fresh: its period ended no longer ago than twice its source's cadence.
with rule as (
    select
        max(value) filter (rule = 'stale_cadence_multiple') as multiple,
        max(value) filter (rule = 'fresh_floor_days') as floor_days
    from {{ ref('rules') }}
),

sizes as (
    select distinct
        size_band,
        size_rank
    from {{ ref('xwalk_size_band') }}
),

levels as (
    select
        fact.*,
        size.size_rank,
        dim_source.cadence_days
    from {{ ref('fct_colo_rate') }} as fact
    inner join sizes as size
        on fact.size_band = size.size_band
    inner join {{ ref('dim_source') }} as dim_source on fact.source_id = dim_source.source_id
    where
        fact.known_to is null
        -- A user's own estimate is a fact and no rate of a market.
        and not (
            fact.grade = 'C' and fact.source_id in (select source_id from {{ ref('stg_colo_rates__loaded') }})
        )
        and fact.market <> 'unspecified'
        -- What a tenant is asked for ordinary space; not what self-builders reckon, nor undated pages.
        and fact.rate_type in ('asking', 'unspecified')
        and fact.facility_type in ('wholesale_colocation', 'unspecified')
),

dated as (
    select
        calendar.as_of_date,
        levels.*,
        greatest(0, date_diff('day', levels.valid_to, calendar.as_of_date) + 1) as age_days,
        coalesce(
            date_diff('day', levels.valid_to, calendar.as_of_date) + 1
            > greatest(rule.multiple * levels.cadence_days, rule.floor_days),
            false
        ) as is_stale
    from {{ ref('calendar') }} as calendar
    cross join rule
    inner join levels on calendar.as_of_date >= levels.valid_from
)

select
    as_of_date,
    market,
    cast(rate_usd_per_kw_month as double) as rate_usd_per_kw_month,
    cast(rate_usd_per_kw_month_low as double) as rate_usd_per_kw_month_low,
    cast(rate_usd_per_kw_month_high as double) as rate_usd_per_kw_month_high,
    power_included,
    facility_type,
    size_band,
    rate_type,
    publisher,
    source_id,
    grade,
    valid_from,
    valid_to,
    cast(coalesce(age_days, 0) as integer) as age_days,
    is_stale,
    [observation_id] as observation_ids
from dated
qualify
    row_number() over (
        partition by as_of_date, market
        order by
            grade = 'C' asc,
            is_stale asc,
            case when not is_stale then size_rank end,
            valid_from desc,
            size_rank asc,
            grade asc,
            known_from desc,
            observation_id asc
    ) = 1
order by as_of_date, market
