-- noqa: disable=AM04
-- Rental prices users loaded from files of their own. In the units of the files.
-- A figure a later file restates is left out: this family's facts hold no known_to.
select
    * exclude (shape, known_to),
    case when known_to is not null then 'restated' end as left_out
from {{ loaded_as_of('gpu_rental') }}
