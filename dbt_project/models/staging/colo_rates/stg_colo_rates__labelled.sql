-- noqa: disable=AM04
-- All rates under one roof, with the canonical market and size of contract.
with together as (
    select * from {{ ref('stg_colo_rates__colo_market_facts') }}
    union all by name
    select * from {{ ref('stg_colo_rates__document_colo_rates') }}
)

select
    together.*,
    market.market,
    size.size_band
from together
left join {{ ref('xwalk_market') }} as market on lower(together.market_label) = market.market_label
left join {{ ref('xwalk_size_band') }} as size on lower(together.size_label) = size.size_label
