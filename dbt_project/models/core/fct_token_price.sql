-- What the sources state and nothing speaks against. A restated dated price keeps its row and gets a known_to.
select
    observation_id,
    source_id,
    provider,
    provider_label,
    model,
    token_kind,
    processing,
    tier,
    region,
    quantisation,
    route,
    snapshot,
    cast(price_usd_per_mtok as decimal(18, 9)) as price_usd_per_mtok,
    original_price,
    original_unit,
    correction_ids,
    model_label,
    valid_from,
    valid_to,
    known_from,
    known_to,
    known_basis,
    last_observed,
    cast(observation_count as bigint) as observation_count,
    grade,
    citation,
    payload_sha256,
    row_number
from {{ ref('stg_token_prices__judged') }}
where doubt is null and not provider_is_unmapped
order by source_id, provider, model_label, token_kind, processing, tier, valid_from, known_from, observation_id
