-- The assumption sets there are; an undescribed one fails the test of this table.
{% set topics = ['gpu_hour', 'facility', 'serving', 'capital', 'factory', 'usage', 'labs'] %}
with described as (
    select * from {{ ref('scenario') }}
    {% for topic in topics %}
        union all
        select * from {{ ref('scenario_' ~ topic) }}
    {% endfor %}
)

select
    a.assumption_set as scenario,
    s.description,
    cast(count(*) as bigint) as parameter_count,
    max(a.known_from) as known_from
from {{ ref('assumption') }} as a
left join described as s on a.assumption_set = s.scenario
group by a.assumption_set, s.description
