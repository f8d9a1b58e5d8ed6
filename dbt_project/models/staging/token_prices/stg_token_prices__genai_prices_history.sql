-- What the states of genai-prices said. Early ones write the colon of Amazon's labels as in an address.
select
    observation_id,
    source_id,
    provider_label,
    replace(model_label, '%3A', ':') as model_label,
    model_name,
    token_kind,
    processing,
    tier,
    price,
    price_unit,
    valid_from,
    valid_to,
    known_from,
    known_basis,
    last_observed,
    observation_count,
    grade,
    citation
from {{ runs_as_of('genai_prices_history', "'genai_prices'") }}
