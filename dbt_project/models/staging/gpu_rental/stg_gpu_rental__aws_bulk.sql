-- noqa: disable=AM04
-- Amazon's own list; a look is one region. USD per instance-hour.
select *
from {{ snapshots_as_of(
    'aws_bulk',
    item=['provider_label', 'sku_label', 'gpu_label', 'gpu_memory_gb', 'region_label', 'gpu_count', 'commitment',
          'price_unit'],
    figure=['price', 'price_low', 'price_high'],
) }}
