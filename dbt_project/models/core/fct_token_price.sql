-- A later statement about the same item and start replaces an earlier one: the earlier row gets a known_to.
with rows_in as (
    select
        *,
        lead(known_from) over (
            partition by source_id, provider, model, model_label, token_kind, processing, tier, valid_from
            order by known_from, last_observed, price_usd_per_mtok
        ) as known_to
    from {{ ref('stg_token_prices__union') }}
    where doubt is null and not provider_is_unmapped
)

select
    observation_id,
    source_id,
    provider,
    model,
    token_kind,
    processing,
    tier,
    cast(price_usd_per_mtok as decimal(18, 9)) as price_usd_per_mtok,
    model_label,
    valid_from,
    valid_to,
    known_from,
    known_to,
    known_basis,
    last_observed,
    cast(observation_count as bigint) as observation_count,
    grade,
    citation
from rows_in
