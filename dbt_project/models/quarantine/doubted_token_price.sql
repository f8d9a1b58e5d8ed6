-- Token prices that met their contract and still cannot be what they say: kept, with the reason, out of every mart.
select
    observation_id,
    source_id,
    provider,
    model_label,
    token_kind,
    processing,
    tier,
    price_usd_per_mtok,
    original_price,
    original_unit,
    correction_ids,
    valid_from,
    last_observed,
    coalesce(doubt, 'provider_in_no_crosswalk') as reason,
    case when doubt is null then 'no crosswalk row names this seller' else evidence end as evidence,
    citation
from {{ ref('stg_token_prices__judged') }}
where doubt is not null or provider_is_unmapped
order by source_id, provider, model_label, token_kind, valid_from, observation_id
