-- noqa: disable=AM04
-- Vast's marketplace by GPU, country and way of renting, one row per change of its quartile or range. USD per GPU-hour.
select *
from {{ snapshots_as_of(
    'vast',
    item=['provider_label', 'sku_label', 'gpu_label', 'gpu_memory_gb', 'region_label', 'gpu_count', 'commitment',
          'price_unit'],
    figure=['price', 'price_low', 'price_high', 'seller_count'],
    rows=ref('stg_gpu_rental__vast_market'),
) }}
