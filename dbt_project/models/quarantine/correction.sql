-- Every correction and what became of it: rows it names, rows it changed, rows its guard kept from it.
with matched as (
    select
        correction_id,
        count(*) as landed_rows,
        count(*) filter (known_from <= {{ as_of() }}) as matched_rows,
        count(*) filter (known_from <= {{ as_of() }} and not guard_holds) as guard_failed_rows
    from {{ source('landing', 'correction_match') }}
    group by correction_id
),

changed as (
    select correction_ids from {{ ref('stg_token_prices__judged') }}
    union all
    select correction_ids from {{ ref('stg_gpu_rental__judged') }}
    union all
    select correction_ids from {{ ref('stg_power_prices__labelled') }}
    union all
    select correction_ids from {{ ref('stg_colo_rates__labelled') }}
),

acted as (
    select
        correction_id,
        count(*) as acted_rows
    from (
        select unnest(string_split(correction_ids, ', ')) as correction_id
        from changed
        where correction_ids is not null
    )
    group by correction_id
),

counted as (
    select
        entry.*,
        coalesce(matched.landed_rows, 0) as landed_rows,
        coalesce(matched.matched_rows, 0) as matched_rows,
        coalesce(acted.acted_rows, 0) as acted_rows,
        coalesce(matched.guard_failed_rows, 0) as guard_failed_rows
    from {{ source('landing', 'correction') }} as entry
    left join matched on entry.correction_id = matched.correction_id
    left join acted on entry.correction_id = acted.correction_id
)

select
    correction_id,
    origin,
    source_id,
    action,
    reason_code,
    matched_rows,
    acted_rows,
    guard_failed_rows,
    case
        when not has_landed then 'source_is_empty'
        when landed_rows > 0 and matched_rows = 0 then 'not_known_yet'
        when matched_rows = 0 then 'matches_no_row'
        when guard_failed_rows > 0 then 'guard_failed'
        when action = 'expect' then 'guard_holds'
        when acted_rows = 0 then 'changes_nothing'
        else 'acts'
    end as status,
    reason,
    decided_on,
    decided_by
from counted
order by correction_id
