-- noqa: disable=AM04
-- RunPod's price list by GPU and cloud. USD per GPU-hour.
select *
from {{ snapshots_as_of(
    'runpod',
    item=['provider_label', 'sku_label', 'gpu_label', 'gpu_memory_gb', 'region_label', 'gpu_count', 'commitment',
          'price_unit'],
    figure=['price', 'price_low', 'price_high'],
) }}
