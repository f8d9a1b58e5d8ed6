-- Names no crosswalk knows, whose rows are therefore in no fact: each waits for a row in the file its `crosswalk` names.
{{ config(severity='warn') }}
select
    family,
    kind,
    label,
    row_count,
    crosswalk
from {{ ref('unmapped_name') }}
where kind <> 'model'
