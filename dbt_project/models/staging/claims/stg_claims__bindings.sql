-- What a claim is computed from says nothing of the world: it has no dates of its own and is known from the day on which
-- its claim is. It stays here before that day, so that core.source_fate can say so; core.claim_binding leaves it out.
with claims as (
    select
        claim_id,
        min(known_from) as known_from
    from {{ source('landing', 'claims_claim__records') }}
    group by claim_id
)

select
    binding.observation_id,
    binding.source_id,
    binding.claim_id as bound_id,
    split_part(binding.claim_id, '#', 1) as claim_id,
    nullif(split_part(binding.claim_id, '#', 2), '') as claim_end,
    binding.figure,
    binding.published_factor,
    binding.operand,
    binding.value,
    binding.value_low,
    binding.value_high,
    binding.assumption,
    binding.observed,
    binding.unit,
    binding.citation,
    binding.note,
    claims.known_from
from {{ source('landing', 'claims_binding__records') }} as binding
left join claims on split_part(binding.claim_id, '#', 1) = claims.claim_id
