-- What a claim is computed from says nothing of the world: it has no dates of its own, its claim has.
select
    observation_id,
    source_id,
    claim_id as bound_id,
    split_part(claim_id, '#', 1) as claim_id,
    nullif(split_part(claim_id, '#', 2), '') as claim_end,
    figure,
    published_factor,
    operand,
    value,
    value_low,
    value_high,
    assumption,
    observed,
    unit,
    citation,
    note
from {{ source('landing', 'claims_binding__records') }}
