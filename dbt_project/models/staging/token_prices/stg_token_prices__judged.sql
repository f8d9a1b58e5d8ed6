-- Each price beside what else is known of it: `doubt` names the first rule it breaks (see enumeration), null where
-- none or where a person released it. Documents are transcribed as printed and judged by nobody here: their grade keeps them out of every mart.
with rule as (
    select
        max(value) filter (rule = 'token_price_floor_usd_per_mtok') as floor_usd_per_mtok,
        max(value) filter (rule = 'token_price_own_multiple') as own_multiple,
        max(value) filter (rule = 'token_price_pair_multiple') as pair_multiple,
        max(value) filter (rule = 'token_price_peer_multiple') as peer_multiple,
        max(value) filter (rule = 'token_price_peer_minimum') as peer_minimum
    from {{ ref('rules') }}
),

-- Prices of the same thing from the same seller: its own history.
own as (
    select
        source_id,
        provider_label,
        model_label,
        token_kind,
        processing,
        tier,
        count(*) as price_count,
        median(price_usd_per_mtok) as median_price,
        max(price_usd_per_mtok) / min(price_usd_per_mtok) as spread
    from {{ ref('stg_token_prices__union') }}
    where price_usd_per_mtok > 0
    group by all
),

sellers as (
    select
        model,
        token_kind,
        processing,
        tier,
        provider,
        median(price_usd_per_mtok) as price
    from {{ ref('stg_token_prices__union') }}
    where price_usd_per_mtok > 0 and grade <> 'C'
    group by all
),

-- What every seller of a model asks for the kind of token, one price each.
peers as (
    select
        model,
        token_kind,
        processing,
        tier,
        median(price) as median_price,
        count(*) as seller_count
    from sellers
    group by all
),

doubled as (
    select
        source_id,
        provider_label,
        model_label,
        token_kind,
        processing,
        tier,
        valid_from,
        known_from
    from {{ ref('stg_token_prices__union') }}
    where grade <> 'C'
    group by all
    having count(distinct price_usd_per_mtok) > 1
),

ruled as (
    select
        stated.*,
        case
            when stated.grade = 'C' then null
            when stated.model_label like '~%' then 'moving_alias'
            when doubled.model_label is not null then 'two_prices_at_once'
            when stated.price_usd_per_mtok = 0 and stated.route <> 'free' then 'zero_is_not_a_price'
            when stated.price_usd_per_mtok = 0 then null
            when stated.price_usd_per_mtok < rule.floor_usd_per_mtok then 'per_token_in_a_per_mtok_field'
            when
                own.price_count >= 3
                and greatest(
                    stated.price_usd_per_mtok / own.median_price, own.median_price / stated.price_usd_per_mtok
                ) >= rule.own_multiple
                then 'far_from_its_own_history'
            when own.price_count = 2 and own.spread >= rule.pair_multiple then 'far_from_its_own_history'
            when
                peers.seller_count > rule.peer_minimum
                and greatest(
                    stated.price_usd_per_mtok / peers.median_price, peers.median_price / stated.price_usd_per_mtok
                ) >= rule.peer_multiple
                then 'far_from_other_sellers'
        end as rule_broken
    from {{ ref('stg_token_prices__union') }} as stated
    cross join rule
    left join own
        on
            stated.source_id = own.source_id
            and stated.provider_label = own.provider_label
            and stated.model_label = own.model_label
            and stated.token_kind = own.token_kind
            and stated.processing = own.processing
            and stated.tier = own.tier
    left join peers
        on
            stated.model = peers.model
            and stated.token_kind = peers.token_kind
            and stated.processing = peers.processing
            and stated.tier = peers.tier
    left join doubled
        on
            stated.source_id = doubled.source_id
            and stated.provider_label = doubled.provider_label
            and stated.model_label = doubled.model_label
            and stated.token_kind = doubled.token_kind
            and stated.processing = doubled.processing
            and stated.tier = doubled.tier
            and stated.valid_from = doubled.valid_from
            and stated.known_from = doubled.known_from
)

select
    ruled.* exclude (rule_broken),
    {{ verdict('ruled.rule_broken') }} as doubt,
    {{ correction_ids('ruled.rule_broken') }} as correction_ids
from ruled
left join {{ ref('stg_corrections__acting') }} as correction on {{ landed_id('ruled.observation_id') }} = correction.observation_id
