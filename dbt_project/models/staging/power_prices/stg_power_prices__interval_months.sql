-- Civil months of market prices: the time-weighted mean of a month's intervals, once for each day on which what was
-- known of a complete month changed. A month whose intervals do not add up to its hours, 23- and 25-hour days included,
-- has no mean. Nor has one that the same publisher's monthly record states and showed as late: one thing, one voice.
with chosen as (
    select
        *,
        price as original_price,
        price_unit as original_unit,
        currency as original_currency,
        date_diff('minute', interval_start, interval_end) as minutes
    from {{ ref('stg_power_prices__intervals') }}
    where is_chosen and zone is not null and price_usd_per_kwh is not null
),

months as (
    select
        source_id,
        zone,
        sector,
        civil_month,
        timezone,
        original_unit,
        date_diff(
            'minute',
            timezone(timezone, cast(civil_month as timestamp)),
            timezone(timezone, cast(civil_month + interval 1 month as timestamp))
        ) as month_minutes
    from (
        select distinct
            source_id,
            zone,
            sector,
            civil_month,
            timezone,
            original_unit
        from chosen
    )
),

-- No day before every one of its intervals was known makes a month complete.
known as (
    select
        source_id,
        zone,
        sector,
        civil_month,
        max(first_known) as complete_from
    from (
        select
            source_id,
            zone,
            sector,
            civil_month,
            interval_start,
            min(known_from) as first_known
        from chosen
        group by source_id, zone, sector, civil_month, interval_start
    )
    group by source_id, zone, sector, civil_month
),

changes as (
    select distinct
        source_id,
        zone,
        sector,
        civil_month,
        known_from as turn
    from chosen
    union
    select distinct
        source_id,
        zone,
        sector,
        civil_month,
        known_to
    from chosen
    where known_to is not null
),

stated as (
    select
        months.*,
        changes.turn,
        count(*) as interval_count,
        -- Decimals add up to the same figure in any order.
        sum(cast(chosen.original_price as decimal(18, 6)) * chosen.minutes)
        / any_value(months.month_minutes) as mean_price,
        -- A turn on which the whole month vanished has no interval left.
        coalesce(sum(chosen.minutes) = any_value(months.month_minutes), false) as is_complete,
        max(chosen.last_observed) as last_observed,
        max(chosen.observation_count) as observation_count,
        max(chosen.grade) as grade,
        max_by(chosen.citation, chosen.interval_start) as citation,
        any_value(chosen.original_currency) as original_currency,
        any_value(chosen.fx_rate) as fx_rate,
        any_value(chosen.fx_date) as fx_date
    from months
    inner join known
        on
            months.source_id = known.source_id
            and months.zone = known.zone
            and months.sector = known.sector
            and months.civil_month = known.civil_month
    inner join changes
        on
            months.source_id = changes.source_id
            and months.zone = changes.zone
            and months.sector = changes.sector
            and months.civil_month = changes.civil_month
            and known.complete_from <= changes.turn
    left join chosen
        on
            months.source_id = chosen.source_id
            and months.zone = chosen.zone
            and months.sector = chosen.sector
            and months.civil_month = chosen.civil_month
            and months.timezone = chosen.timezone
            and months.original_unit = chosen.original_unit
            and changes.turn >= chosen.known_from
            and (chosen.known_to is null or changes.turn < chosen.known_to)
    group by all
),

-- A turn that left the mean as it was is none.
turned as (
    select
        *,
        lag(case when is_complete then mean_price end) over same_month as mean_before,
        row_number() over same_month as place
    from stated
    window same_month as (partition by source_id, zone, sector, civil_month, timezone, original_unit order by turn)
),

recorded_months as (
    select
        source.publisher,
        record.zone,
        record.sector,
        record.interval_start,
        max(record.last_observed) as last_observed
    from {{ ref('stg_power_prices__labelled') }} as record
    inner join {{ source('landing', 'source_catalog') }} as source on record.source_id = source.source_id
    where record.left_out is null and record.rejection is null
    group by source.publisher, record.zone, record.sector, record.interval_start
),

followed as (
    select
        *,
        lead(turn) over (
            partition by source_id, zone, sector, civil_month, timezone, original_unit
            order by turn
        ) as known_to
    from turned
    where place = 1 or case when is_complete then mean_price end is distinct from mean_before
)

select
    source_id || ':month:' || zone || ':' || sector || ':' || civil_month || ':' || turn as observation_id,
    source_id,
    zone,
    sector,
    civil_month as interval_start,
    cast(civil_month + interval 1 month as date) as interval_end,
    case
        when original_unit = 'eur_per_mwh' then mean_price * fx_rate / 1000
        when original_unit = 'usd_per_mwh' then mean_price / 1000
        when original_unit = 'usc_per_kwh' then mean_price / 100
    end as price_usd_per_kwh,
    cast(null as decimal(18, 9)) as price_usd_per_kwh_low,
    cast(null as decimal(18, 9)) as price_usd_per_kwh_high,
    mean_price as original_price,
    original_unit,
    original_currency,
    fx_rate,
    fx_date,
    true as is_derived,
    cast(null as double) as sales_mwh,
    cast(null as double) as revenue_kusd,
    'mean_of_intervals' as data_status,
    civil_month as valid_from,
    case
        when civil_month + interval 1 month <= {{ as_of() }} then cast(civil_month + interval 1 month as date)
    end as valid_to,
    turn as known_from,
    known_to,
    'first_seen' as known_basis,
    last_observed,
    observation_count,
    grade,
    citation,
    'derived: time-weighted mean of ' || interval_count || ' intervals that fill the ' || month_minutes // 60
    || ' hours of the month in ' || timezone as note
from followed
where
    is_complete
    and not exists (
        select 1
        from recorded_months as record
        inner join {{ source('landing', 'source_catalog') }} as source on record.publisher = source.publisher
        where
            source.source_id = followed.source_id
            and record.zone = followed.zone
            and record.sector = followed.sector
            and record.interval_start = followed.civil_month
            and record.last_observed >= followed.last_observed
    )
