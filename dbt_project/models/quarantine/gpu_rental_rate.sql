-- Rental observations that broke a rule beside other rows, with the rule; they are in no fact.
select
    observation_id,
    source_id,
    rejection,
    provider,
    sku_label,
    gpu_label,
    gpu_memory_gb,
    region_label,
    gpu_count,
    commitment,
    original_price as price,
    original_unit as price_unit,
    correction_ids,
    cast(price_per_gpu as decimal(18, 9)) as price_usd_per_gpu_hour,
    valid_from,
    valid_to,
    evidence,
    citation
from {{ ref('stg_gpu_rental__judged') }}
where rejection is not null
order by rejection, source_id, valid_from, observation_id
