-- Days on which somebody looked at a list that says what holds today, as known on the as-of day: its figures are known
-- of these days alone. A look at a list counts for the whole of it.
select
    source_id,
    capture_date as looked_on
from {{ source('landing', 'captures') }}
where family = 'token_prices' and capture_date <= {{ as_of() }}
union
-- What users loaded as snapshots: the days their files show.
select
    source_id,
    valid_from
from {{ source('landing', 'loaded_token_prices') }}
where shape = 'snapshots' and known_from <= {{ as_of() }} and valid_from <= {{ as_of() }}
