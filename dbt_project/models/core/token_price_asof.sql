-- The list prices in force on each day of the calendar, side by side by kind of token. Where two sources state the
-- same price list, the one seen last speaks. A price not seen for longer than the carry limit is left out.
with rule as (
    select
        max(value) filter (rule = 'stale_cadence_multiple') as multiple,
        max(value) filter (rule = 'fresh_floor_days') as floor_days,
        max(value) filter (rule = 'carry_limit_days') as carry_days
    from {{ ref('rules') }}
),

in_force as (
    select
        c.as_of_date,
        f.provider,
        f.model,
        f.processing,
        f.token_kind,
        cast(f.price_usd_per_mtok as double) as price,
        f.source_id,
        f.observation_id,
        least(f.last_observed, c.as_of_date) as last_observed,
        greatest(0, date_diff('day', f.last_observed, c.as_of_date)) as age_days,
        greatest(0, date_diff('day', f.last_observed, c.as_of_date))
        > greatest(rule.multiple * s.cadence_days, rule.floor_days) as is_stale
    from {{ ref('calendar') }} as c
    cross join rule
    inner join {{ ref('fct_token_price') }} as f
        on
            f.valid_from <= c.as_of_date
            and (f.valid_to is null or f.valid_to > c.as_of_date)
            and f.known_to is null
            and f.tier = 'base'
            and f.price_usd_per_mtok > 0
    inner join {{ ref('dim_source') }} as s on f.source_id = s.source_id
    where date_diff('day', f.last_observed, c.as_of_date) <= rule.carry_days and f.grade <> 'C'
    qualify row_number() over (
        partition by c.as_of_date, f.provider, f.model, f.processing, f.token_kind
        order by is_stale, f.last_observed desc, f.valid_from desc, f.source_id, f.model_label
    ) = 1
)

select
    as_of_date,
    provider,
    model,
    processing,
    'base' as tier,
    max(price) filter (token_kind = 'input') as input_usd_per_mtok,
    max(price) filter (token_kind = 'cached_input') as cached_input_usd_per_mtok,
    max(price) filter (token_kind = 'cache_write') as cache_write_usd_per_mtok,
    max(price) filter (token_kind = 'output') as output_usd_per_mtok,
    min(last_observed) as last_observed,
    cast(max(age_days) as integer) as age_days,
    bool_or(is_stale) as is_stale,
    string_agg(distinct source_id, ', ' order by source_id) as source_ids
from in_force
where token_kind in ('input', 'cached_input', 'cache_write', 'output')
group by as_of_date, provider, model, processing
