-- Sources as source.yml states them, with what has landed of each.
select
    source_id,
    family,
    title,
    publisher,
    homepage,
    licence,
    attribution,
    cast(cadence_days as integer) as cadence_days,
    grade,
    unit,
    known_basis,
    notes,
    cast(row_count as bigint) as row_count,
    case when newest_known_from <= {{ as_of() }} then newest_known_from end as newest_known_from,
    case when newest_observed <= {{ as_of() }} then newest_observed end as newest_observed
from {{ source('landing', 'source_catalog') }}
