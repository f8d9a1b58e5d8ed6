-- The power price that stands for each day of the calendar: the latest interval that had ended by then, as the release
-- knows it (restatements included), however old. Bills are seasonal, so the mean of the last twelve months is beside it.
with rule as (
    select
        max(value) filter (rule = 'stale_cadence_multiple') as multiple,
        max(value) filter (rule = 'fresh_floor_days') as floor_days
    from {{ ref('rules') }}
),

lag_rule as (
    select
        replace(rule, 'publication_lag_days:', '') as source_id,
        cast(value as integer) as lag_days
    from {{ ref('rules_power') }}
    where rule like 'publication_lag_days:%'
),

-- One statement per interval; a past interval's price does not age.
current_prices as (
    select
        fact.*,
        cast(fact.interval_end - interval '1 day' as date) as last_day,
        date_diff('day', fact.interval_start, fact.interval_end) as day_count
    from {{ ref('fct_power_price') }} as fact
    inner join {{ ref('dim_source') }} as dim_source on fact.source_id = dim_source.source_id
    where
        fact.known_to is null
        -- A user's own estimate is a fact and no price of a place.
        and not (
            fact.grade = 'C' and fact.source_id in (select source_id from {{ ref('stg_power_prices__loaded') }})
        )
    qualify row_number() over (
        partition by fact.zone, fact.sector, fact.interval_start, fact.interval_end
        order by
            {{ source_preference(
                'false', 'fact.grade', 'fact.last_observed', 'dim_source.cadence_days', 'fact.source_id'
            ) }}
    ) = 1
),

series as (
    select
        *,
        lead(last_day) over (partition by zone, sector order by last_day asc, interval_start desc) as next_last_day,
        count(*) over trailing_year as trailing_month_count,
        min(interval_start) over trailing_year as trailing_start,
        -- A flat load uses as much on every day, whatever the month's length.
        cast(sum(price_usd_per_kwh * day_count) over trailing_year as double)
        / sum(day_count) over trailing_year as trailing_mean
    from current_prices
    window trailing_year as (
        partition by zone, sector
        order by interval_start
        range between interval 11 months preceding and current row
    )
),

dated as (
    select
        calendar.as_of_date,
        series.*,
        date_diff('day', series.last_day, calendar.as_of_date) as age_days
    from {{ ref('calendar') }} as calendar
    inner join series
        on
            calendar.as_of_date >= series.last_day
            and (series.next_last_day is null or calendar.as_of_date < series.next_last_day)
)

select
    dated.as_of_date,
    dated.zone,
    dated.sector,
    cast(dated.price_usd_per_kwh as double) as price_usd_per_kwh,
    cast(dated.price_usd_per_kwh_low as double) as price_usd_per_kwh_low,
    cast(dated.price_usd_per_kwh_high as double) as price_usd_per_kwh_high,
    -- Twelve months without a gap, or no mean.
    case
        when
            dated.trailing_month_count = 12
            and dated.trailing_start + interval 12 months = dated.interval_end
            then dated.trailing_mean
    end as price_usd_per_kwh_trailing_12m,
    dated.interval_start,
    dated.interval_end,
    dated.is_derived,
    dated.source_id,
    dated.grade,
    cast(dated.age_days as integer) as age_days,
    dated.age_days - coalesce(lag_rule.lag_days, 0)
    > greatest(rule.multiple * dim_source.cadence_days, rule.floor_days) as is_stale,
    [dated.observation_id] as observation_ids
from dated
cross join rule
inner join {{ ref('dim_source') }} as dim_source on dated.source_id = dim_source.source_id
left join lag_rule on dated.source_id = lag_rule.source_id
order by dated.as_of_date, dated.zone, dated.sector
