-- noqa: disable=AM04
-- Lists of today's rents, one row per change. In the publishers' units.
-- A dated price that was cancelled or replaced is left out: this family's facts hold no known_to.
select
    * exclude (known_to),
    case when known_to is not null then 'restated' end as left_out
from {{ snapshots_as_of(source('landing', 'gpu_rental__snapshots')) }}
