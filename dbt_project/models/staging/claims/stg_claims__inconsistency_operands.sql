-- An operand is known from the day on which its inconsistency is, as a binding is (stg_claims__bindings).
with inconsistencies as (
    select
        inconsistency_id,
        min(known_from) as known_from
    from {{ source('landing', 'claims_inconsistency__records') }}
    group by inconsistency_id
)

select
    operand.observation_id,
    operand.source_id,
    operand.inconsistency_id,
    operand.side,
    operand.operand,
    operand.value,
    operand.value_low,
    operand.value_high,
    operand.assumption,
    operand.unit,
    operand.citation,
    inconsistencies.known_from
from {{ source('landing', 'claims_inconsistency_operand__records') }} as operand
left join inconsistencies on operand.inconsistency_id = inconsistencies.inconsistency_id
