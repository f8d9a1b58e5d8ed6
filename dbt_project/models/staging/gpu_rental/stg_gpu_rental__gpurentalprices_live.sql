-- noqa: disable=AM04
-- Providers' pages read daily by the tracker, from where its recorded history ends. USD per GPU-hour.
-- A run the record already tells begins here anew on the day of the hand-over; one that ended before is the record's.
-- Nodes of a marketplace stand as one price of it (stg_gpu_rental__market).
{% set listed = '(select * from ' ~ source('landing', 'gpurentalprices_live')
    ~ " where coalesce(sku_label, '') not like 'node %')" -%}
{% set market = '(select * from ' ~ ref('stg_gpu_rental__market')
    ~ " where source_id = 'gpurentalprices_live')" -%}
with folded as (
    select * exclude (known_to) from {{ snapshots_as_of(listed) }}
    union all by name
    select * exclude (known_to, offer_count) from {{ snapshots_as_of(market, stands_for='offer_count') }}
),

looks as (
    select distinct
        capture_group,
        capture_date
    from {{ source('landing', 'seen') }}
    where source_id = 'gpurentalprices_live'
),

continued as (
    select
        folded.* replace (
            greatest(folded.valid_from, handover.live_from) as valid_from,
            greatest(folded.known_from, handover.live_from) as known_from
        ),
        case
            when folded.last_observed >= handover.live_from then null
            else 'handed_over'
        end as left_out
    from folded
    left join {{ ref('stg_gpu_rental__gpurentalprices_handover') }} as handover
        on folded.capture_group = handover.capture_group
)

select
    continued.* replace (
        (
            select count(*)
            from looks
            where
                looks.capture_group = continued.capture_group
                and looks.capture_date between continued.valid_from and continued.last_observed
        ) as observation_count
    )
from continued
