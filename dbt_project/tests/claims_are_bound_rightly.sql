-- Bindings that name no recorded claim, bind it to two figures, or refer to an assumption or claim that is not there.
with binding as (
    select bound.* from {{ ref('stg_claims__bindings') }} as bound
),

referred as (
    select
        assumption.assumption_set || ':' || assumption.parameter || ':' || assumption.subject as reference
    from {{ ref('stg_assumptions__assumptions') }} as assumption
    union all
    select 'claim:' || claim.claim_id || ending.suffix
    from {{ ref('stg_claims__claims') }} as claim
    cross join (values (''), ('#low'), ('#high')) as ending (suffix)
)

select
    binding.bound_id,
    'no such claim is recorded' as problem
from binding
left join {{ ref('stg_claims__claims') }} as claim on binding.claim_id = claim.claim_id
-- On an early as-of day a document is not known yet, and its bindings wait.
where claim.claim_id is null and cast('{{ var("as_of") }}' as date) >= date '2026-02-28'
union all
select
    binding.bound_id,
    'bound to more than one figure or factor' as problem
from binding
group by binding.bound_id
having count(distinct coalesce(binding.figure, '') || '/' || coalesce(binding.published_factor, 0)) > 1
union all
select
    binding.bound_id,
    'refers to an assumption or claim that is not there: ' || binding.assumption as problem
from binding
where
    binding.assumption is not null
    and binding.assumption not in (select referred.reference from referred)
    and cast('{{ var("as_of") }}' as date) >= date '2026-02-28'
