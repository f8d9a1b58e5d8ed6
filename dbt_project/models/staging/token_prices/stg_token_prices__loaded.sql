-- Token prices users loaded from files of their own. Providers are known by their name in small letters.
select
    observation_id,
    source_id,
    lower(provider_label) as provider_label,
    model_label,
    model_name,
    token_kind,
    processing,
    tier,
    price,
    price_unit,
    valid_from,
    valid_to,
    known_from,
    known_to,
    known_basis,
    last_observed,
    observation_count,
    grade,
    citation
from {{ loaded_as_of('token_prices') }}
