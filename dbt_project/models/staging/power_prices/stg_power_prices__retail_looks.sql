-- Days on which each source of retail prices was looked at, as known on the as-of day.
select
    look.source_id,
    look.capture_date
from {{ source('landing', 'captures') }} as look
where look.family = 'power_prices' and look.capture_date <= {{ as_of() }}
