{{ config(materialized="table") }}
-- Every publisher's rows in one shape: USD per Mtok whatever the unit, canonical names.
-- A model's name is the crosswalk's, else the label's own (macro model_name: the last part of its path, without
-- OpenRouter's route such as ":free"; no two makers share such a name in these sources). Nothing else makes two labels
-- one model. Names are vocabulary: they do not depend on the as-of day.
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

routed as (
    select
        *,
        case when provider_label = 'openrouter' then regexp_extract(lower(model_label), ':([a-z]+)$', 1) else '' end as route,
        case
            when provider_label = 'openrouter' then regexp_replace(lower(model_label), ':[a-z]+$', '')
            else lower(model_label)
        end as path
    from unioned
),

named as (
    select
        *,
        {{ model_name('path') }} as name,
        -- LiteLLM puts the seller before the path: who sells is no maker.
        regexp_extract(
            case when source_id = 'litellm' then regexp_replace(path, '^[^/]+/', '') else path end, '([^/]+)/[^/]+$', 1
        ) as vendor
    from routed
)

select
    n.observation_id,
    n.source_id,
    coalesce(provider.provider, n.provider_label) as provider,
    coalesce(seller_model.model, any_model.model, n.name) as model,
    n.model_label,
    n.model_name,
    n.name,
    n.vendor,
    n.provider_label,
    n.route,
    n.token_kind,
    -- A route for batches is a way of processing; every other route is the same model sold under other terms.
    case when n.route = 'batch' then 'batch' else n.processing end as processing,
    n.tier,
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
from named as n
left join {{ ref('stg_corrections__acting') }} as correction on {{ landed_id('n.observation_id') }} = correction.observation_id
left join {{ source('landing', 'price_unit') }} as unit
    on unit.family = 'token_prices' and coalesce(correction.set_price_unit, n.price_unit) = unit.price_unit
left join {{ ref('xwalk_token_provider') }} as provider on n.provider_label = provider.provider_label
left join {{ ref('xwalk_model') }} as seller_model
    on n.name = seller_model.model_label and n.provider_label = seller_model.provider_label
left join {{ ref('xwalk_model') }} as any_model
    on
        n.name = any_model.model_label
        and any_model.provider_label is null
        and n.valid_from >= coalesce(any_model.first_day, n.valid_from)
