-- Bindings of claims that are known on the as-of day; a test holds that every binding names a recorded claim.
select
    binding.bound_id,
    binding.claim_id,
    binding.claim_end,
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
    binding.observation_id,
    binding.source_id
from {{ ref('stg_claims__bindings') }} as binding
where binding.claim_id in (select claim.claim_id from {{ ref('claim') }} as claim)
