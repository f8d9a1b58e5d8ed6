-- Median over providers of each provider's lowest list price, per day, GPU, commitment and tier.
with limits as (
    select
        max(value) filter (rule = 'stale_cadence_multiple') as stale_cadence_multiple,
        max(value) filter (rule = 'fresh_floor_days') as fresh_floor_days,
        max(value) filter (rule = 'carry_limit_days') as carry_limit_days,
        max(value) filter (rule = 'indicative_below_providers') as indicative_below_providers
    from {{ ref('rules') }}
),

quotes as (
    select
        rates.*,
        providers.tier,
        limits.carry_limit_days,
        {{ fresh_days('limits', 'sources') }} as fresh_days
    from {{ ref('fct_gpu_rental_rate') }} as rates
    inner join {{ ref('dim_provider') }} as providers on rates.provider = providers.provider
    inner join {{ ref('dim_source') }} as sources on rates.source_id = sources.source_id
    cross join limits
    where
        -- Terms of three months and of five years make no one rate.
        rates.commitment not in ('reserved', 'unspecified')
        and rates.form_factor <> 'partial'
        and rates.grade <> 'C'
        and providers.tier <> 'unnamed'
),

-- The last capture of each group up to each day: what a person of that day could have known.
last_look as (
    select
        calendar.as_of_date,
        captures.source_id,
        captures.capture_group,
        max(captures.capture_date) as last_capture
    from {{ ref('calendar') }} as calendar
    inner join {{ ref('stg_gpu_rental__captures') }} as captures on calendar.as_of_date >= captures.capture_date
    group by calendar.as_of_date, captures.source_id, captures.capture_group
),

standing as (
    select
        last_look.as_of_date,
        quotes.gpu,
        quotes.commitment,
        quotes.provider,
        quotes.tier,
        quotes.source_id,
        quotes.observation_id,
        quotes.price_usd_per_gpu_hour,
        quotes.carry_limit_days,
        least(quotes.last_observed, last_look.last_capture) as seen_on,
        last_look.as_of_date - least(quotes.last_observed, last_look.last_capture) > quotes.fresh_days as is_stale
    from quotes
    inner join last_look
        on
            quotes.source_id = last_look.source_id
            and quotes.capture_group = last_look.capture_group
            and quotes.valid_from <= last_look.as_of_date
            and (quotes.valid_to is null or quotes.valid_to > last_look.as_of_date)
),

usable as (
    select *
    from standing
    where
        not is_stale or as_of_date - seen_on <= carry_limit_days
    -- A provider's fresh quotes displace its stale ones.
    qualify is_stale = bool_and(is_stale) over (partition by as_of_date, gpu, commitment, provider)
),

lowest as (
    select
        as_of_date,
        gpu,
        commitment,
        provider,
        tier,
        min(price_usd_per_gpu_hour) as price,
        count(*) as quote_count,
        -- Of several at the lowest price, the one seen last.
        first(observation_id order by price_usd_per_gpu_hour, seen_on desc, observation_id) as observation_id,
        list(distinct source_id) as source_ids,
        min(seen_on) as oldest_observed,
        max(seen_on) as newest_observed,
        bool_or(is_stale) as is_stale
    from usable
    group by as_of_date, gpu, commitment, provider, tier
),

by_tier as (
    select
        *,
        'all' as provider_tier
    from lowest
    union all
    select
        *,
        tier as provider_tier
    from lowest
),

-- What each seller asked a month end before: how far a level moves by who is in it.
month_before as (
    select
        as_of_date,
        lag(as_of_date) over (order by as_of_date) as previous_date
    from {{ ref('calendar') }}
),

-- Only where a headline stood then.
moved as (
    select
        now.as_of_date,
        now.gpu,
        now.commitment,
        now.provider_tier,
        cast(count(*) filter (earlier.provider is null) as integer) as entered_provider_count,
        exp(avg(ln(now.price / earlier.price)) filter (earlier.provider is not null)) as same_sellers_ratio
    from by_tier as now
    inner join month_before on now.as_of_date = month_before.as_of_date
    left join by_tier as earlier
        on
            month_before.previous_date = earlier.as_of_date
            and now.gpu = earlier.gpu
            and now.commitment = earlier.commitment
            and now.provider_tier = earlier.provider_tier
            and now.provider = earlier.provider
    group by now.as_of_date, now.gpu, now.commitment, now.provider_tier
),

levels as (
    select
        as_of_date,
        gpu,
        commitment,
        provider_tier,
        median(price) as price,
        count(*) as provider_count
    from by_tier
    group by as_of_date, gpu, commitment, provider_tier
),

composition as (
    select
        moved.as_of_date,
        moved.gpu,
        moved.commitment,
        moved.provider_tier,
        moved.entered_provider_count,
        cast(earlier.provider_count - (levels.provider_count - moved.entered_provider_count) as integer)
            as exited_provider_count,
        levels.price / earlier.price as level_ratio,
        moved.same_sellers_ratio
    from moved
    inner join levels
        on
            moved.as_of_date = levels.as_of_date
            and moved.gpu = levels.gpu
            and moved.commitment = levels.commitment
            and moved.provider_tier = levels.provider_tier
    inner join month_before on moved.as_of_date = month_before.as_of_date
    inner join levels as earlier
        on
            month_before.previous_date = earlier.as_of_date
            and moved.gpu = earlier.gpu
            and moved.commitment = earlier.commitment
            and moved.provider_tier = earlier.provider_tier
),

-- Quotes themselves, each region, size and source counting once: how far apart what is on offer lies.
by_quote as (
    select
        as_of_date,
        gpu,
        commitment,
        'all' as provider_tier,
        price_usd_per_gpu_hour as quoted
    from usable
    union all
    select
        as_of_date,
        gpu,
        commitment,
        tier as provider_tier,
        price_usd_per_gpu_hour as quoted
    from usable
),

dispersion as (
    select
        as_of_date,
        gpu,
        commitment,
        provider_tier,
        quantile_cont(quoted, 0.1) as quote_p10,
        quantile_cont(quoted, 0.5) as quote_p50,
        quantile_cont(quoted, 0.9) as quote_p90
    from by_quote
    group by as_of_date, gpu, commitment, provider_tier
)

select
    by_tier.as_of_date,
    by_tier.gpu,
    by_tier.commitment,
    by_tier.provider_tier,
    cast(median(price) as decimal(18, 9)) as price_usd_per_gpu_hour,
    min(price) as price_usd_per_gpu_hour_low,
    max(price) as price_usd_per_gpu_hour_high,
    cast(max(dispersion.quote_p10) as decimal(18, 9)) as quote_p10_usd_per_gpu_hour,
    cast(max(dispersion.quote_p50) as decimal(18, 9)) as quote_p50_usd_per_gpu_hour,
    cast(max(dispersion.quote_p90) as decimal(18, 9)) as quote_p90_usd_per_gpu_hour,
    cast(count(*) as integer) as provider_count,
    cast(len(list_distinct(flatten(list(source_ids)))) as integer) as source_count,
    cast(sum(quote_count) as integer) as quote_count,
    min(oldest_observed) as oldest_observed,
    max(newest_observed) as newest_observed,
    cast(by_tier.as_of_date - max(newest_observed) as integer) as age_days,
    cast(count(*) filter (is_stale) as integer) as stale_provider_count,
    bool_or(is_stale) as is_stale,
    count(*) < max(limits.indicative_below_providers) as is_indicative,
    max(composition.entered_provider_count) as entered_provider_count,
    max(composition.exited_provider_count) as exited_provider_count,
    max(composition.level_ratio) as level_ratio,
    max(composition.same_sellers_ratio) as same_sellers_ratio,
    max(composition.entered_provider_count) + max(composition.exited_provider_count) > 0 as composition_changed,
    list(observation_id order by price, observation_id) as observation_ids
from by_tier
inner join dispersion
    on
        by_tier.as_of_date = dispersion.as_of_date
        and by_tier.gpu = dispersion.gpu
        and by_tier.commitment = dispersion.commitment
        and by_tier.provider_tier = dispersion.provider_tier
cross join limits
left join composition
    on
        by_tier.as_of_date = composition.as_of_date
        and by_tier.gpu = composition.gpu
        and by_tier.commitment = composition.commitment
        and by_tier.provider_tier = composition.provider_tier
group by by_tier.as_of_date, by_tier.gpu, by_tier.commitment, by_tier.provider_tier
order by by_tier.as_of_date, by_tier.gpu, by_tier.commitment, by_tier.provider_tier
