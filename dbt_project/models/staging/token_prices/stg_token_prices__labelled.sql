{{ config(materialized="table") }}
-- Every publisher's rows in one shape: USD per Mtok whatever the unit, canonical names.
-- A model's name is what the rules leave of its label (macro model_offers), or the crosswalk's where a person decided.
-- What else the label says of the offer - where it is served, how fast, in which numbers - has its own columns. Names are
-- vocabulary: they do not depend on the as-of day.
with unioned as (
    select * from {{ ref('stg_token_prices__runs') }}
    union all by name
    select * from {{ ref('stg_token_prices__snapshots') }}
    union all by name
    select * from {{ ref('stg_token_prices__records') }}
    union all by name
    select * from {{ ref('stg_token_prices__loaded') }}
    union all by name
    -- Publishers that differ from the rest (staging: own in source.yml).
    select * from {{ ref('stg_token_prices__genai_prices') }}
    union all by name
    select * from {{ ref('stg_token_prices__genai_prices_history') }}
),

-- LiteLLM puts the seller before the path. A price of longer prompts whose label repeats its tier (llm-prices: -200k)
-- is its model's.
pathed as materialized (
    select
        *,
        case
            when source_id = 'litellm' then regexp_replace(lower(model_label), '^[^/]+/', '')
            when ends_with(lower(model_label), tier_suffix) then left(lower(model_label), -length(tier_suffix))
            else lower(model_label)
        end as path
    from (
        select
            *,
            '-' || (try_cast(regexp_extract(tier, '^above_(\d+)$', 1) as integer) // 1000) || 'k' as tier_suffix
        from unioned
    )
),

labels as (
    select distinct
        stated.provider_label,
        stated.path,
        coalesce(known.provider, stated.provider_label) as provider
    from pathed as stated
    left join {{ ref('xwalk_token_provider') }} as known on stated.provider_label = known.provider_label
)

select
    n.observation_id,
    n.source_id,
    coalesce(provider.provider, n.provider_label) as provider,
    coalesce(seller_model.model, any_model.model, offer.name) as model,
    n.model_label,
    n.model_name,
    offer.name,
    regexp_extract(n.path, '([^/]+)/[^/]+$', 1) as vendor,
    n.provider_label,
    n.token_kind,
    -- A list that prices one label at several speeds says more than the label.
    case
        when n.processing = 'standard' or offer.processing = 'batch' then coalesce(offer.processing, n.processing)
        else n.processing
    end as processing,
    n.tier,
    coalesce(offer.region, 'unspecified') as region,
    coalesce(offer.quantisation, 'unspecified') as quantisation,
    coalesce(offer.route, 'standard') as route,
    coalesce(offer.snapshot, 'unspecified') as snapshot,
    {{ corrected_price('n.price') }}
    * coalesce(unit.multiply_by, 1) / coalesce(unit.divide_by, 1) as price_usd_per_mtok,
    n.price as original_price,
    n.price_unit as original_unit,
    n.valid_from,
    n.valid_to,
    n.known_from,
    n.known_to,
    n.known_basis,
    n.last_observed,
    n.observation_count,
    n.grade,
    n.citation,
    n.payload_sha256,
    n.row_number,
    coalesce(n.landed_rows, 1) as landed_rows,
    provider.provider is null as provider_is_unmapped,
    seller_model.model is null and any_model.model is null as model_is_unmapped
from pathed as n
inner join {{ model_offers('labels') }} as offer
    on n.provider_label is not distinct from offer.provider_label and n.path = offer.path
left join {{ ref('stg_corrections__acting') }} as correction on {{ landed_id('n.observation_id') }} = correction.observation_id
left join {{ source('landing', 'price_unit') }} as unit
    on unit.family = 'token_prices' and coalesce(correction.set_price_unit, n.price_unit) = unit.price_unit
left join {{ ref('xwalk_token_provider') }} as provider on n.provider_label = provider.provider_label
left join {{ ref('xwalk_model') }} as seller_model
    on offer.name = seller_model.model_label and coalesce(provider.provider, n.provider_label) = seller_model.provider
left join {{ ref('xwalk_model') }} as any_model
    on
        offer.name = any_model.model_label
        and any_model.provider is null
        and n.valid_from >= coalesce(any_model.first_day, n.valid_from)
