-- noqa: disable=AM04
-- Tokens used, known by the as-of day, with the model that the platform's label names (macro model_offers). Rankings add
-- to a model's name the day on which it was listed: 20251201, 0127 or 04-02.
with stated as (
    select
        *,
        platform_label as provider_label,
        regexp_replace(lower(model_label), '-(20\d{6}|\d{2}-?\d{2})(:[a-z]+)?$', '\2') as path
    from {{ records_as_of(source('landing', 'usage_token_usage__records')) }}
),

labels as (
    select distinct
        provider_label,
        provider_label as provider,
        path
    from stated
)

select
    stated.* exclude (provider_label, path),
    coalesce(known.model, offer.name) as model,
    coalesce(offer.route, 'standard') as route
from stated
inner join {{ model_offers('labels') }} as offer
    on stated.provider_label = offer.provider_label and stated.path = offer.path
left join {{ ref('xwalk_model') }} as known on offer.name = known.model_label and known.provider is null
