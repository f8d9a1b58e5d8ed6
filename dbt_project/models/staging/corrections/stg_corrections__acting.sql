-- What people decided about single observations, at most one figure and one verdict each. Rows outside an entry's
-- guard are not here: nothing acts on them.
with ranked as (
    select
        match.observation_id,
        entry.*,
        entry.action = 'correct' as is_figure,
        row_number() over (
            partition by match.observation_id, entry.action = 'correct'
            order by entry.origin = 'own' desc, entry.decided_on desc, entry.correction_id
        ) as turn
    from {{ source('landing', 'correction_match') }} as match
    inner join {{ source('landing', 'correction') }} as entry on match.correction_id = entry.correction_id
    where match.guard_holds and match.known_from <= {{ as_of() }} and entry.action <> 'expect'
)

select
    observation_id,
    max(correction_id) filter (is_figure) as figure_correction_id,
    max(multiply_price_by) filter (is_figure) as multiply_price_by,
    max(set_price) filter (is_figure) as set_price,
    max(set_price_unit) filter (is_figure) as set_price_unit,
    max(set_gpu_count) filter (is_figure) as set_gpu_count,
    max(correction_id) filter (not is_figure) as verdict_correction_id,
    max(action) filter (not is_figure) as verdict,
    max(reason_code) filter (not is_figure) as reason_code,
    max(reason) filter (not is_figure) as verdict_reason
from ranked
where turn = 1
group by observation_id
