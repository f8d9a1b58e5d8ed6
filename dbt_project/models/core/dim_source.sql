-- Sources as source.yml states them. What has landed of each changes from run to run: see ops.source_health.
select
    source.source_id,
    source.family,
    source.title,
    source.publisher,
    source.homepage,
    source.licence,
    source.attribution,
    cast(source.cadence_days as integer) as cadence_days,
    source.grade,
    source.unit,
    source.known_basis,
    source.notes,
    coalesce(preference.standing, 0) as standing
from {{ source('landing', 'source_catalog') }} as source
left join {{ ref('token_price_source') }} as preference on source.source_id = preference.source_id
