-- The assumption sets there are; an undescribed one fails the test of this table.
select
    a.assumption_set as scenario,
    s.description,
    cast(count(*) as bigint) as parameter_count,
    max(a.known_from) as known_from
from {{ ref('assumption') }} as a
left join {{ ref('scenario') }} as s on a.assumption_set = s.scenario
group by a.assumption_set, s.description
