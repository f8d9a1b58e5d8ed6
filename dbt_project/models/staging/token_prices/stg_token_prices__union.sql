-- Every publisher's rows in one shape: USD per Mtok whatever the unit, canonical names where one is known.
with unioned as (
    select * from {{ ref('stg_token_prices__genai_prices') }}
    union all by name
    select * from {{ ref('stg_token_prices__openrouter_history') }}
    union all by name
    select * from {{ ref('stg_token_prices__document_token_prices') }}
),

-- A lab's own names: what it calls a model on its own price list.
lab_names as (
    select distinct lab.vendor, lower(own.model_label) as model
    from {{ ref('stg_token_prices__genai_prices') }} as own
    inner join {{ ref('xwalk_lab') }} as lab on own.provider_label = lab.own_provider_label
),

named as (
    select
        u.*,
        case u.price_unit when 'usd_per_token' then u.price * 1e6 else u.price end as price_usd_per_mtok,
        lower(u.model_label) as label,
        split_part(lower(u.model_label), '/', 1) as vendor
    from unioned as u
)

select
    n.observation_id,
    n.source_id,
    coalesce(p.provider, n.provider_label) as provider,
    coalesce(x.model, l.model, n.label) as model,
    n.model_label,
    n.model_name,
    n.token_kind,
    n.processing,
    n.tier,
    n.price_usd_per_mtok,
    n.valid_from,
    n.valid_to,
    n.known_from,
    n.known_basis,
    n.last_observed,
    n.observation_count,
    n.grade,
    n.citation,
    p.provider is null as provider_is_unmapped,
    case
        when n.price = 0 and n.model_label not like '%:free'
            then 'zero price: free, unknown and not offered look alike in this source'
        when n.price > 0 and n.price_usd_per_mtok < floor_rule.value
            then 'below the smallest price ever listed: probably USD per token in a per-Mtok field'
    end as doubt
from named as n
left join {{ ref('xwalk_token_provider') }} as p on n.provider_label = p.provider_label
left join {{ ref('xwalk_model') }} as x on n.label = x.model_label
left join lab_names as l on n.vendor = l.vendor and n.label = n.vendor || '/' || l.model
cross join (select value from {{ ref('rules') }} where rule = 'token_price_floor_usd_per_mtok') as floor_rule
