-- noqa: disable=AM04
-- Providers' pages read daily by the tracker, from where its recorded history ends. USD per GPU-hour.
-- A run the record already tells begins here anew on the day of the hand-over; one that ended before is the record's.
with folded as (
    select *
    from {{ snapshots_as_of(
        'gpurentalprices_live',
        item=['provider_label', 'sku_label', 'gpu_label', 'gpu_memory_gb', 'region_label', 'gpu_count', 'commitment',
              'price_unit'],
        figure=['price', 'price_low', 'price_high'],
    ) }}
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
        )
    from folded
    inner join {{ ref('stg_gpu_rental__gpurentalprices_handover') }} as handover
        on folded.capture_group = handover.capture_group and folded.last_observed >= handover.live_from
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
