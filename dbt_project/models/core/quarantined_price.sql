-- What no price index sees because it is in quarantine: how many prices of which source, why, and one of them.
with set_aside as (
    select
        'gpu_rental' as family,
        source_id,
        rejection as reason,
        provider || '|' || coalesce(sku_label, '') || '|' || coalesce(gpu_label, '') || '|' || commitment as item,
        observation_id
    from {{ ref('gpu_rental_rate') }}
    union all
    select
        'tokens' as family,
        source_id,
        reason,
        coalesce(provider, '') || '|' || model_label || '|' || token_kind || '|' || processing as item,
        observation_id
    from {{ ref('doubted_token_price') }}
)

select
    family,
    source_id,
    reason,
    count(distinct item) as items,
    count(*) as observations,
    min(item) as example
from set_aside
group by family, source_id, reason
order by family, source_id, reason
