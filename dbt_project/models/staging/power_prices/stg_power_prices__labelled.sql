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
    correction.reason_code as rejection,
    correction.verdict_correction_id as correction_ids,
    xwalk.zone
from together
left join {{ ref('xwalk_power_zone') }} as xwalk
    on together.source_id = xwalk.source_id and lower(together.zone_label) = xwalk.zone_label
left join {{ ref('stg_corrections__acting') }} as correction
    on together.observation_id = correction.observation_id
