-- Days of the list's states, as known on the as-of day.
select
    capture_group,
    capture_date,
    citation
from {{ source('landing', 'genai_prices_history_captures') }}
where capture_date <= {{ as_of() }}
