-- Families in which names without a crosswalk keep more than rule unmapped_weight_pct of what is asked out of the facts.
{{ config(severity='warn') }}
select
    unmapped.family,
    100 * sum(unmapped.weight_share) as weight_pct
from {{ ref('unmapped_name') }} as unmapped
cross join (select value from {{ ref('rules') }} where rule = 'unmapped_weight_pct') as limit_of
where unmapped.kind <> 'model'
group by unmapped.family, limit_of.value
having 100 * sum(unmapped.weight_share) > limit_of.value
