-- Quotes of panels that are read as price indices and state no rate: a tracker's files as they stand, one provider's
-- every region. Prices listed in another currency keep the rate they were converted at, so that the two can be told
-- apart.
select
    observation_id,
    source_id,
    panel,
    period,
    provider,
    coalesce(sku_label, 'unspecified') as sku,
    commitment,
    coalesce(region_label, 'unspecified') as region,
    coalesce(cast(cast(gpu_count as integer) as varchar), 'unspecified') as gpu_count,
    cast(price_usd_per_gpu_hour as decimal(18, 9)) as price_usd_per_gpu_hour,
    price as original_price,
    price_unit as original_unit,
    list_currency,
    fx_rate as list_currency_usd,
    fx_date,
    {{ observed(note=true) }}
from {{ ref('stg_gpu_rental__panels') }}
where provider is not null
order by panel, provider, sku, region, gpu_count, valid_from
