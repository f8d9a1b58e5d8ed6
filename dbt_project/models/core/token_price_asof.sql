-- The list prices in force on each day of the calendar, kinds of token side by side. All prices of a row come from one
-- quote: one source and one label. Where a provider's model is listed more than once, a whole quote (input and output)
-- goes before a part, a fresh one before a stale one, the plain offer (macro plain_offer) before others: a region's
-- premium, a route, another number format. Among sources macro source_preference decides; within one source a name
-- without a day goes before one with it, the cheaper before the dearer. A price not seen for longer than the carry limit is left out.
-- A source that says what another one says too (superseded_by of token_price_source) is no second quote: it counts
-- only on days by which it was read later than that one.
with rule as (
    select
        max(value) filter (rule = 'stale_cadence_multiple') as stale_cadence_multiple,
        max(value) filter (rule = 'fresh_floor_days') as fresh_floor_days,
        max(value) filter (rule = 'carry_limit_days') as carry_days
    from {{ ref('rules') }}
),

-- A look at a list of today's prices sees that day alone: what a later one shows was not known before it. A dated
-- record vouches for every day it names.
last_look as (
    select
        calendar.as_of_date,
        look.source_id,
        max(look.looked_on) as looked_on
    from {{ ref('calendar') }} as calendar
    inner join {{ ref('stg_token_prices__looks') }} as look on calendar.as_of_date >= look.looked_on
    group by calendar.as_of_date, look.source_id
),

superseded as (
    select
        other.as_of_date,
        standing.source_id
    from {{ ref('token_price_source') }} as standing
    inner join last_look as other on standing.superseded_by = other.source_id
    left join last_look as own on standing.source_id = own.source_id and other.as_of_date = own.as_of_date
    where other.looked_on >= coalesce(own.looked_on, other.looked_on)
),

in_force as (
    select
        calendar.as_of_date,
        fact.observation_id,
        fact.source_id,
        fact.provider,
        fact.model,
        fact.model_label,
        fact.processing,
        fact.region,
        fact.quantisation,
        fact.route,
        fact.snapshot,
        fact.token_kind,
        -- A file its user loaded and graded A or B stands first among its equals.
        coalesce(standing.standing, 0) as standing,
        cast(fact.price_usd_per_mtok as double) as price,
        least(fact.last_observed, coalesce(last_look.looked_on, calendar.as_of_date)) as seen_on,
        fact.grade,
        dim_source.cadence_days,
        {{ fresh_days('rule', 'dim_source') }} as fresh_days,
        rule.carry_days
    from {{ ref('calendar') }} as calendar
    inner join {{ ref('fct_token_price') }} as fact
        on
            calendar.as_of_date >= fact.valid_from
            and (fact.valid_to is null or calendar.as_of_date < fact.valid_to)
            -- A list of today's prices knows nothing of a day before it was read: what had ended by then was not seen.
            and (fact.known_basis <> 'first_seen' or calendar.as_of_date >= fact.known_from)
    inner join {{ ref('dim_source') }} as dim_source on fact.source_id = dim_source.source_id
    left join {{ ref('token_price_source') }} as standing on fact.source_id = standing.source_id
    cross join rule
    left join last_look
        on
            calendar.as_of_date = last_look.as_of_date
            and fact.source_id = last_look.source_id
            and fact.known_basis = 'first_seen'
    left join superseded on calendar.as_of_date = superseded.as_of_date and fact.source_id = superseded.source_id
    where
        superseded.source_id is null
        and fact.known_to is null
        and fact.tier = 'base'
        and fact.grade <> 'C'
        and fact.price_usd_per_mtok > 0
        and fact.token_kind in ('input', 'cached_input', 'cache_write', 'cache_write_1h', 'output')
),

quotes as (
    select
        as_of_date,
        provider,
        model,
        processing,
        source_id,
        model_label,
        any_value(region) as region,
        any_value(quantisation) as quantisation,
        any_value(route) as route,
        any_value(snapshot) as snapshot,
        max(price) filter (token_kind = 'input') as input_usd_per_mtok,
        max(price) filter (token_kind = 'cached_input') as cached_input_usd_per_mtok,
        max(price) filter (token_kind = 'cache_write') as cache_write_usd_per_mtok,
        max(price) filter (token_kind = 'cache_write_1h') as cache_write_1h_usd_per_mtok,
        max(price) filter (token_kind = 'output') as output_usd_per_mtok,
        max(grade) as grade,
        max(cadence_days) as cadence_days,
        min(seen_on) as last_observed,
        as_of_date - min(seen_on) as age_days,
        bool_or(as_of_date - seen_on > fresh_days) as is_stale,
        max(standing) as standing,
        list(observation_id order by token_kind, price desc, observation_id) as observation_ids
    from in_force
    where as_of_date - seen_on <= greatest(fresh_days, carry_days)
    group by as_of_date, provider, model, processing, source_id, model_label
)

select
    as_of_date,
    provider,
    model,
    processing,
    'base' as tier,
    input_usd_per_mtok,
    cached_input_usd_per_mtok,
    cache_write_usd_per_mtok,
    cache_write_1h_usd_per_mtok,
    output_usd_per_mtok,
    last_observed,
    cast(age_days as integer) as age_days,
    is_stale,
    source_id,
    model_label,
    region,
    quantisation,
    route,
    snapshot,
    cast(count(*) over (partition by as_of_date, provider, model, processing) as integer) as quote_count,
    observation_ids
from quotes
qualify
    row_number() over (
        partition by as_of_date, provider, model, processing
        order by
            input_usd_per_mtok is null,
            output_usd_per_mtok is null,
            is_stale,
            {{ plain_offer() }},
            {{ source_preference('is_stale', 'grade', 'last_observed', 'cadence_days', 'source_id', 'standing') }},
            snapshot <> 'unspecified',
            output_usd_per_mtok,
            model_label
    ) = 1
order by as_of_date, provider, model, processing
