-- Accepted rows that were known on the as-of day, by the look that shows them: a release made again for a past day
-- counts what it counted then.
with first_looks as (
    select
        source_id,
        payload_sha256,
        capture_group,
        row_date,
        min(capture_date) as first_day
    from {{ source('landing', 'seen') }}
    group by source_id, payload_sha256, capture_group, row_date
)

select
    portion.source_id,
    portion.row_count,
    catalog.shape,
    catalog.family,
    portion.look_date is not null as is_shown,
    spell.source_id is not null as has_counted
from {{ source('landing', 'portion') }} as portion
inner join {{ source('landing', 'source_catalog') }} as catalog on portion.source_id = catalog.source_id
left join first_looks as look
    on
        portion.source_id = look.source_id
        and portion.payload_sha256 = look.payload_sha256
        and portion.capture_group = look.capture_group
        and portion.look_date = look.row_date
left join {{ ref('stg_landing__spells') }} as spell
    on
        portion.source_id = spell.source_id
        and portion.payload_sha256 = spell.payload_sha256
        and portion.capture_group = spell.capture_group
        and portion.look_date = spell.row_date
        and spell.is_first
where coalesce(portion.known_from, look.first_day, {{ as_of() }}) <= {{ as_of() }}
