-- noqa: disable=AM04
-- All power prices under one roof, with the canonical zone. Labels differ by source: DE is Delaware at one publisher.
with together as (
    select * from {{ ref('stg_power_prices__eia861m_retail_prices') }}
    union all by name
    select * from {{ ref('stg_power_prices__ember_day_ahead') }}
    union all by name
    select * from {{ ref('stg_power_prices__document_power_prices') }}
)

select
    together.*,
    xwalk.zone
from together
left join {{ ref('xwalk_power_zone') }} as xwalk
    on together.source_id = xwalk.source_id and lower(together.zone_label) = xwalk.zone_label
