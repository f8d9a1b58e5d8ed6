-- Rows that broke their family's contract when they landed, as they came, with every rule they broke.
select
    source_id,
    family,
    origin,
    row_number,
    field,
    rule,
    value,
    failure_count,
    all_failures,
    row_json,
    payload_sha256
from {{ source('landing', 'rejected') }}
-- What came later was not known yet.
where coalesce(first_seen_on <= {{ as_of() }}, true)
