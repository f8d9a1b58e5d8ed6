-- What a public list says about models, as known on the as-of day, under the names prices carry.
with stated as (
    select * from {{ records_as_of(source('landing', 'token_prices_model_statement__records')) }}
),

labels as (
    select distinct
        null as provider,
        null as provider_label,
        lower(model_label) as path
    from stated
)

select
    stated.observation_id,
    stated.source_id,
    stated.model_label,
    offer.name,
    stated.release_date,
    stated.weights,
    stated.known_from,
    stated.grade,
    stated.citation
from stated
inner join {{ model_offers('labels') }} as offer on lower(stated.model_label) = offer.path
