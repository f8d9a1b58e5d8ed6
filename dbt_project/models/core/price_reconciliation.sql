-- What each source says today about the things that several sources price, which of them speaks, and how far apart
-- they are. A source that prices one thing under several labels, machines or counts says its lowest, as the headline
-- rate takes a provider's lowest; a name without a day goes before one with it, as in token_price_asof.
with rule as (
    select
        max(value) filter (rule = 'stale_cadence_multiple') as stale_cadence_multiple,
        max(value) filter (rule = 'fresh_floor_days') as fresh_floor_days,
        max(value) filter (rule = 'carry_limit_days') as carry_limit_days,
        max(value) filter (rule = 'reconciliation_disagreement_pct') as disagreement_pct
    from {{ ref('rules') }}
),

-- Lists that say what another list, read as late, says too: no second source.
superseded as (
    select standing.source_id
    from {{ ref('token_price_source') }} as standing
    inner join {{ ref('stg_token_prices__looks') }} as other on standing.superseded_by = other.source_id
    left join {{ ref('stg_token_prices__looks') }} as own on standing.source_id = own.source_id
    group by standing.source_id
    having max(other.looked_on) >= coalesce(max(own.looked_on), max(other.looked_on))
),

figures as (
    select
        'token_prices' as family,
        concat_ws(
            ' | ', provider, model, token_kind, processing, tier, nullif(region, 'unspecified'),
            nullif(quantisation, 'unspecified'), nullif(route, 'standard')
        ) as item,
        source_id,
        observation_id,
        cast(price_usd_per_mtok as double) as figure,
        'USD/Mtok' as unit,
        grade,
        last_observed,
        snapshot <> 'unspecified' as is_dated
    from {{ ref('fct_token_price') }}
    where
        price_usd_per_mtok > 0
        and known_to is null
        and valid_from <= {{ as_of() }}
        and (valid_to is null or valid_to > {{ as_of() }})
    union all
    select
        'gpu_rental' as family,
        concat_ws(' | ', provider, gpu, form_factor, commitment, region) as item,
        source_id,
        observation_id,
        cast(price_usd_per_gpu_hour as double) as figure,
        'USD/GPU-hour' as unit,
        grade,
        last_observed,
        false as is_dated
    from {{ ref('fct_gpu_rental_rate') }}
    where
        commitment <> 'unspecified'
        and form_factor <> 'partial'
        and known_to is null
        and valid_from <= {{ as_of() }}
        and (valid_to is null or valid_to > {{ as_of() }})
    union all
    select
        'power_prices' as family,
        concat_ws(' | ', zone, sector, interval_start, interval_end) as item,
        source_id,
        observation_id,
        cast(price_usd_per_kwh as double) as figure,
        'USD/kWh' as unit,
        grade,
        -- A past interval's price does not age: every statement about it is as good as on its first day.
        {{ as_of() }} as last_observed,
        false as is_dated
    from {{ ref('fct_power_price') }}
    where known_to is null and price_usd_per_kwh > 0
),

dated as (
    select
        figures.*,
        dim_source.cadence_days,
        coalesce(written.standing, 0) as standing,
        rule.disagreement_pct,
        {{ as_of() }} - figures.last_observed as age_days,
        {{ as_of() }} - figures.last_observed > {{ fresh_days('rule', 'dim_source') }} as is_stale
    from figures
    inner join {{ ref('dim_source') }} as dim_source on figures.source_id = dim_source.source_id
    left join {{ ref('token_price_source') }} as written on figures.source_id = written.source_id
    anti join superseded on figures.source_id = superseded.source_id
    cross join rule
    where
        figures.grade <> 'C'
        and {{ as_of() }} - figures.last_observed
        <= greatest({{ fresh_days('rule', 'dim_source') }}, rule.carry_limit_days)
),

-- One figure of each source for each item.
stated as (
    select
        *,
        count(*) over (partition by family, item, source_id) as quote_count
    from dated
    qualify
        row_number() over (
            partition by family, item, source_id
            order by is_stale, is_dated, figure, last_observed desc, observation_id
        ) = 1
),

compared as (
    select
        *,
        count(*) over same_item as source_count,
        100 * (max(figure) over same_item / min(figure) over same_item - 1) as spread_pct,
        100 * (
            max(figure) filter (not is_stale) over same_item / min(figure) filter (not is_stale) over same_item - 1
        ) as fresh_spread_pct,
        row_number() over (
            partition by family, item
            order by {{ source_preference('is_stale', 'grade', 'last_observed', 'cadence_days', 'source_id', 'standing') }}
        ) as rank_in_item
    from stated
    window same_item as (partition by family, item)
)

select
    {{ as_of() }} as as_of_date,
    family,
    item,
    source_id,
    figure,
    unit,
    cast(rank_in_item as integer) as preference,
    rank_in_item = 1 as is_chosen,
    cast(source_count as integer) as source_count,
    spread_pct,
    coalesce(fresh_spread_pct > disagreement_pct, false) as is_disagreement,
    grade,
    last_observed,
    cast(age_days as integer) as age_days,
    is_stale,
    cast(quote_count as integer) as quote_count,
    observation_id
from compared
where source_count > 1
order by family, item, preference
