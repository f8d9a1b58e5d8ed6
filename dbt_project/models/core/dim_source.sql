-- Sources as source.yml states them. What has landed of each changes from run to run: see ops.source_health.
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
    notes
from {{ source('landing', 'source_catalog') }}
