select
    observation_id,
    source_id,
    inconsistency_id,
    side,
    operand,
    value,
    value_low,
    value_high,
    assumption,
    unit,
    citation
from {{ source('landing', 'claims_inconsistency_operand__records') }}
