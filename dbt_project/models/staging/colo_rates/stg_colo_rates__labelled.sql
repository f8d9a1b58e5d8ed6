-- noqa: disable=AM04
-- All rates under one roof, with the canonical market and size of contract.
with together as (
    select * from {{ ref('stg_colo_rates__colo_market_facts') }}
    union all by name
    select * from {{ ref('stg_colo_rates__document_colo_rates') }}
)

select
    together.*,
    correction.reason_code as rejection,
    correction.verdict_correction_id as correction_ids,
    market.market,
    size.size_band
from together
left join {{ ref('xwalk_market') }} as market on lower(together.market_label) = market.market_label
left join {{ ref('xwalk_size_band') }} as size on lower(together.size_label) = size.size_label
left join {{ ref('stg_corrections__acting') }} as correction
    on together.observation_id = correction.observation_id
