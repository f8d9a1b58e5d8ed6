-- What a public list says about models, as known on the as-of day, under the names prices carry.
select
    observation_id,
    source_id,
    model_label,
    {{ model_name('model_label') }} as name,
    release_date,
    weights,
    known_from,
    grade,
    citation
from {{ records_as_of(source('landing', 'token_prices_model_statement__records')) }}
