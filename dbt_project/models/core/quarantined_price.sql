-- What no price index sees because it is in quarantine: how many prices of which source, why, and one of them.
with set_aside as (
    select
        'gpu_rental' as family,
        source_id,
        rejection as reason,
        provider || '|' || coalesce(sku_label, '') || '|' || coalesce(gpu_label, '') || '|' || commitment as item,
        observation_id
    from {{ ref('stg_gpu_rental__judged') }}
    where rejection is not null
    union all
    select
        'tokens' as family,
        source_id,
        coalesce(doubt, 'provider_in_no_crosswalk') as reason,
        coalesce(provider, '') || '|' || model_label || '|' || token_kind || '|' || processing as item,
        observation_id
    from {{ ref('stg_token_prices__judged') }}
    where doubt is not null or provider_is_unmapped
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
