-- Operands of the inconsistencies that are known on the as-of day.
select
    operand.inconsistency_id,
    operand.side,
    operand.operand,
    operand.value,
    operand.value_low,
    operand.value_high,
    operand.assumption,
    operand.unit,
    operand.citation,
    operand.observation_id,
    operand.source_id
from {{ ref('stg_claims__inconsistency_operands') }} as operand
where operand.inconsistency_id in (select named.inconsistency_id from {{ ref('inconsistency') }} as named)
