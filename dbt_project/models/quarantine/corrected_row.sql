-- Landed rows that corrections name, each with the figure as published and the one that stands instead.
select
    match.correction_id,
    match.source_id,
    match.observation_id,
    entry.action,
    match.guard_holds,
    match.price as published_price,
    match.price_unit as published_unit,
    case when entry.action = 'correct' and match.guard_holds then {{ corrected_price('match.price', 'entry') }} end
        as corrected_price,
    case when entry.action = 'correct' and match.guard_holds then coalesce(entry.set_price_unit, match.price_unit) end
        as corrected_unit
from {{ source('landing', 'correction_match') }} as match
inner join {{ source('landing', 'correction') }} as entry on match.correction_id = entry.correction_id
where match.known_from <= {{ as_of() }}
order by match.correction_id, match.observation_id
