-- noqa: disable=AM04
-- Machines of nine clouds as gpuhunt collects them; a look is one provider's catalogue. USD per instance-hour.
select *
from {{ snapshots_as_of(
    'gpuhunt',
    item=['provider_label', 'sku_label', 'gpu_label', 'gpu_memory_gb', 'region_label', 'gpu_count', 'commitment',
          'price_unit'],
    figure=['price', 'price_low', 'price_high'],
) }}
