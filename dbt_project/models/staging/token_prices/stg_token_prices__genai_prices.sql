-- Several releases may have landed: a record that stands unchanged in all of them is one record, seen that often.
with captured as (
    select * from {{ records_as_of('genai_prices') }}
)

select
    min(observation_id) as observation_id,
    source_id,
    provider_label,
    model_label,
    any_value(model_name) as model_name,
    token_kind,
    processing,
    tier,
    price,
    price_unit,
    valid_from,
    min(valid_to) as valid_to,
    min(known_from) as known_from,
    min(known_basis) as known_basis,
    max(last_observed) as last_observed,
    sum(observation_count) as observation_count,
    min(grade) as grade,
    min(citation) as citation
from captured
group by source_id, provider_label, model_label, token_kind, processing, tier, price, price_unit, valid_from
