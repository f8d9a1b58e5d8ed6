-- Days on which somebody looked at a group of items, of every source of rents, up to the as-of day. Days that the
-- tracker's recorded history tells already are not counted again for its live pages.
select
    look.source_id,
    look.capture_group,
    look.capture_date
from {{ source('landing', 'captures') }} as look
left join {{ ref('stg_gpu_rental__gpurentalprices_handover') }} as handover
    on look.source_id = handover.source_id and look.capture_group = handover.capture_group
where
    look.family = 'gpu_rental'
    and look.capture_date <= {{ as_of() }}
    and (handover.source_id is null or look.capture_date >= handover.live_from)
union all
-- Of records: the days on which they began and were last seen.
select distinct
    source_id,
    capture_group,
    unnest([valid_from, last_observed]) as capture_date
from {{ ref('stg_gpu_rental__records') }}
where valid_from <= {{ as_of() }}
union all
-- Of loaded files: the days their snapshots show, and the days on which their records began and were last seen.
select distinct
    source_id,
    capture_group,
    unnest(case when shape = 'snapshots' then [valid_from] else [valid_from, last_observed] end) as capture_date
from {{ source('landing', 'loaded_gpu_rental') }}
where known_from <= {{ as_of() }} and valid_from <= {{ as_of() }}
