{{ config(materialized='table') }}
-- Each price beside what else is known of it: `doubt` names the first rule it breaks (see enumeration), null where
-- none or where a person released it; `evidence` says what it was compared with. Documents are transcribed as printed
-- and judged by nobody here: their grade keeps them out of every mart. How prices are compared: macros/judging.sql.
with rule as (
    {{ rules('rules', [
        'floor_usd_per_mtok', 'own_multiple', 'pair_multiple', 'history_minimum', 'seller_multiple', 'cached_multiple',
        'seller_minimum', 'publisher_minimum', 'publisher_agreement', 'factor_tolerance', 'jump_multiple',
        'jump_tolerance', 'jump_minimum', 'jump_share',
    ], prefix='token_price_') }}
),

factors as (
    select value from {{ ref('rules') }}
    where rule like 'token_price_unit_factor:%'
),

stated as (
    select
        priced.*,
        priced.price_usd_per_mtok as price,
        -- Who says the same under a newer name is one voice, however many names it had.
        coalesce(newest.superseded_by, list.superseded_by, priced.source_id) as publisher,
        concat_ws(
            ' | ', priced.source_id, priced.provider_label, priced.model_label, priced.token_kind, priced.processing,
            priced.tier
        ) as item,
        concat_ws(' | ', priced.provider, priced.model, priced.token_kind, priced.processing, priced.tier) as thing,
        concat_ws(' | ', priced.model, priced.token_kind, priced.processing, priced.tier) as sold,
        count(distinct priced.price_usd_per_mtok) over same_reading as price_count,
        min(priced.price_usd_per_mtok) over same_reading as lowest_price,
        max(priced.price_usd_per_mtok) over same_reading as highest_price
    from {{ ref('stg_token_prices__labelled') }} as priced
    left join {{ ref('token_price_source') }} as list on priced.source_id = list.source_id
    left join {{ ref('token_price_source') }} as newest on list.superseded_by = newest.source_id
    window same_reading as (
        partition by
            priced.source_id, priced.provider_label, priced.model_label, priced.token_kind, priced.processing,
            priced.tier, priced.valid_from, priced.known_from
    )
),

-- What a row says by itself.
read_alone as (
    select
        stated.*,
        case
            when stated.grade = 'C' then null
            when stated.model_label like '~%' then 'moving_alias'
            when stated.price_count > 1 then 'two_prices_at_once'
            when stated.price = 0 and stated.route <> 'free' then 'zero_is_not_a_price'
            when stated.price > 0 and stated.price < rule.floor_usd_per_mtok then 'per_token_in_a_per_mtok_field'
        end as rule_alone,
        case
            when stated.model_label like '~%' then 'the label begins with ~: it names whichever model is newest'
            when stated.price_count > 1
                then
                    'the same reading states ' || {{ shown('stated.lowest_price') }} || ' to '
                    || {{ shown('stated.highest_price') }} || ' from the same day'
            when stated.price = 0 then 'zero on a route that does not say it is free'
            else
                'below ' || {{ shown('rule.floor_usd_per_mtok') }} || '; read as USD per token it would be '
                || {{ shown('1e6 * stated.price') }} || ' USD/Mtok'
        end as evidence_alone
    from stated
    cross join rule
),

-- Prices that can be a yardstick: those that nothing speaks against so far.
plausible as (
    select read_alone.*
    from read_alone
    left join {{ ref('stg_corrections__acting') }} as correction
        on {{ landed_id('read_alone.observation_id') }} = correction.observation_id and correction.verdict = 'reject'
    where
        read_alone.rule_alone is null
        and read_alone.price > 0
        and read_alone.grade <> 'C'
        and correction.observation_id is null
),

-- Others are asked only where somebody's price of the same model is far off at all.
disputed as (
    select plausible.*
    from plausible
    cross join rule
    qualify
        max(price) over (partition by sold) / min(price) over (partition by sold)
        >= rule.seller_multiple
),

-- One price of each other seller, and of each other publisher of the same seller, from what was known when the row
-- became known. Whenever it held: most lists do not say since when.
beside as (
    select
        this.observation_id,
        this.price,
        this.thing = other.thing as is_same_seller,
        case when this.thing = other.thing then other.publisher else other.provider end as other_name,
        median(other.price) as other_price
    from disputed as this
    inner join disputed as other
        on
            this.sold = other.sold
            and (this.provider <> other.provider or this.publisher <> other.publisher)
            and this.known_from >= other.known_from
    group by all
),

others as (
    select
        observation_id,
        median(other_price) filter (not is_same_seller) as seller_price,
        count(*) filter (not is_same_seller) as seller_count,
        median(other_price) filter (is_same_seller) as publisher_price,
        count(*) filter (is_same_seller) as publisher_count,
        max(other_price) filter (is_same_seller) / min(other_price) filter (is_same_seller) as publisher_spread
    from beside
    group by observation_id
),

read_beside as (
    select
        this.observation_id,
        case
            when
                others.publisher_count >= rule.publisher_minimum
                and others.publisher_spread <= rule.publisher_agreement
                and factors.value is not null
                then 'unit_factor_' || cast(factors.value as integer)
            when
                others.seller_count >= rule.seller_minimum
                and {{ ratio('this.price', 'others.seller_price') }}
                >= case when this.token_kind like 'cache%' then rule.cached_multiple else rule.seller_multiple end
                then 'far_from_other_sellers'
        end as rule_beside,
        this.price,
        others.*
    from disputed as this
    inner join others on this.observation_id = others.observation_id
    cross join rule
    left join factors
        on abs({{ ratio('this.price', 'others.publisher_price') }} / factors.value - 1) <= rule.factor_tolerance
    where rule_beside is not null
),

credible as (
    select plausible.*
    from plausible
    anti join read_beside on plausible.observation_id = read_beside.observation_id
),

{{ judged_by_history(
    'credible', sellers=["'the list of ' || provider_label", "'the whole source'"],
    offer="provider_label || ' ' || model_label"
) }},

ruled as (
    select
        stated.* exclude (price, publisher, item, thing, sold, price_count, lowest_price, highest_price),
        coalesce(
            alone.rule_alone,
            beside.rule_beside,
            history.rule_history,
            case when jumped.observation_id is not null and jump_confirmed.observation_id is null then 'provider_wide_jump' end
        ) as rule_broken,
        case
            when alone.rule_alone is not null then alone.evidence_alone
            when beside.rule_beside like 'unit_factor_%'
                then
                    'median ' || {{ shown('beside.publisher_price') }} || ' of ' || beside.publisher_count
                    || ' other publishers; ratio '
                    || {{ shown(ratio('beside.price', 'beside.publisher_price')) }}
            when beside.rule_beside is not null
                then
                    'median ' || {{ shown('beside.seller_price') }} || ' of ' || beside.seller_count
                    || ' other sellers; ratio ' || {{ shown(ratio('beside.price', 'beside.seller_price')) }}
            when history.rule_history is not null
                then {{ history_evidence('history') }}
            when jumped.observation_id is not null then {{ jump_evidence('jumped', 'stated.valid_from') }}
        end as rule_evidence
    from stated
    inner join read_alone as alone on stated.observation_id = alone.observation_id
    left join read_beside as beside on stated.observation_id = beside.observation_id
    left join history_reading as history on stated.observation_id = history.observation_id
    left join jumped on stated.observation_id = jumped.observation_id
    left join jump_confirmed on stated.observation_id = jump_confirmed.observation_id
)

select
    ruled.* exclude (rule_broken, rule_evidence),
    {{ verdict('ruled.rule_broken') }} as doubt,
    {{ evidence('ruled.rule_broken', 'ruled.rule_evidence') }} as evidence,
    {{ correction_ids('ruled.rule_broken') }} as correction_ids
from ruled
left join {{ ref('stg_corrections__acting') }} as correction on {{ landed_id('ruled.observation_id') }} = correction.observation_id
