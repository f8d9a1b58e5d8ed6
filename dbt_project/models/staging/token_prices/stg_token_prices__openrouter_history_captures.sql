-- Days on which the model list was captured, as known on the as-of day.
select
    capture_group,
    capture_date,
    citation
from {{ source('landing', 'openrouter_history_captures') }}
where capture_date <= {{ as_of() }}
