-- Days on which each source of retail prices was looked at, as known on the as-of day.
select
    'eia861m_retail_prices' as source_id,
    capture_date
from {{ ref('stg_power_prices__eia861m_captures') }}
union
select
    source_id,
    capture_date
from {{ source('landing', 'seen') }}
where source_id in ('eia_api', 'eia861m_workbook') and capture_date <= {{ as_of() }}
