-- noqa: disable=AM04
-- All power prices under one roof, with the canonical zone. Labels differ by source: DE is Delaware at one publisher.
-- `left_out` says by which rule a row is in no fact; null where none does.
with together as (
    select * from {{ ref('stg_power_prices__records') }}
    union all by name
    select * from {{ ref('stg_power_prices__snapshots') }}
    union all by name
    select * from {{ ref('stg_power_prices__loaded') }}
    union all by name
    -- Publishers that differ from the rest (staging: own in source.yml).
    select * from {{ ref('stg_power_prices__eia861m_retail_prices') }}
    union all by name
    select * from {{ ref('stg_power_prices__ember_day_ahead') }}
    union all by name
    select * from {{ ref('stg_power_prices__eia_api') }}
),

-- Loaded files name zones by their canonical names.
zones as (
    select
        source_id,
        zone_label,
        zone,
        coalesce(valid_from, date '0001-01-01') as valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('xwalk_power_zone') }}
    union all
    select
        loaded.source_id,
        lower(listed.value) as zone_label,
        listed.value as zone,
        date '0001-01-01' as valid_from,
        date '9999-12-31' as valid_to
    from (select distinct source_id from {{ ref('stg_power_prices__loaded') }}) as loaded
    cross join {{ ref('enumeration_power') }} as listed
    where listed.column_name = 'zone'
)

select
    together.*,
    correction.reason_code as rejection,
    correction.verdict_correction_id as correction_ids,
    zones.zone
from together
left join zones
    on
        together.source_id = zones.source_id
        and lower(together.zone_label) = zones.zone_label
        and together.interval_start >= zones.valid_from
        and together.interval_start < zones.valid_to
left join {{ ref('stg_corrections__acting') }} as correction
    on {{ landed_id('together.observation_id') }} = correction.observation_id
