-- noqa: disable=AM04
-- All rates under one roof, with the canonical market and size of contract.
with together as (
    select * from {{ ref('stg_colo_rates__records') }}
    union all by name
    select * from {{ ref('stg_colo_rates__loaded') }}
),

-- A label may also be the canonical name itself.
markets as (
    select
        market_label,
        market
    from {{ ref('xwalk_market') }}
    union
    select
        market as market_label,
        market
    from {{ ref('xwalk_market') }}
),

sizes as (
    select
        size_label,
        size_band
    from {{ ref('xwalk_size_band') }}
    union
    select
        size_band as size_label,
        size_band
    from {{ ref('xwalk_size_band') }}
)

select
    together.*,
    correction.reason_code as rejection,
    correction.verdict_correction_id as correction_ids,
    market.market,
    size.size_band
from together
left join markets as market on lower(together.market_label) = market.market_label
left join sizes as size on lower(together.size_label) = size.size_label
left join {{ ref('stg_corrections__acting') }} as correction
    on {{ landed_id('together.observation_id') }} = correction.observation_id
