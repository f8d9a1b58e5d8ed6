-- Where the live tracker takes over from its recorded history: per provider, the first day its page was read after the
-- last recorded one; null while it has shown none. Before that day the record speaks, from it on the live rows do; no day
-- is told twice.
with recorded as (
    select
        capture_group,
        max(capture_date) as recorded_until
    from {{ source('landing', 'gpu_rates_gpurentalprices_captures') }}
    group by capture_group
)

select
    live.source_id,
    live.capture_group,
    min(live.capture_date) filter (
        recorded.recorded_until is null or live.capture_date > recorded.recorded_until
    ) as live_from
from {{ source('landing', 'seen') }} as live
left join recorded on live.capture_group = recorded.capture_group
where live.source_id = 'gpurentalprices_live' and live.capture_date <= {{ as_of() }}
group by live.source_id, live.capture_group
