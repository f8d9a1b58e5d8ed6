-- Days on which a vintage of the agency's workbook was captured, as known on the as-of day.
select
    capture_group,
    capture_date,
    citation
from {{ source('landing', 'eia861m_captures') }}
where capture_date <= {{ as_of() }}
