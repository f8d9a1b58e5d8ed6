-- Prices printed in the reference documents; they hold for the document's day alone. USD per GPU-hour.
select
    observation_id,
    source_id,
    'all' as capture_group,
    provider_label,
    sku_label,
    gpu_label,
    gpu_memory_gb,
    region_label,
    gpu_count,
    commitment,
    price,
    price_low,
    price_high,
    price_unit,
    valid_from,
    case when valid_to <= {{ as_of() }} then valid_to end as valid_to,
    known_from,
    known_basis,
    least(last_observed, {{ as_of() }}) as last_observed,
    observation_count,
    grade,
    citation
from {{ source('landing', 'gpu_rates_documents') }}
where known_from <= {{ as_of() }}
