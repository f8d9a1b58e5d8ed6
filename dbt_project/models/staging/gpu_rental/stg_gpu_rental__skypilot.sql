-- noqa: disable=AM04
-- Machines of some twenty clouds as SkyPilot lists them; a look is one cloud's file. USD per instance-hour, but for
-- Google's GPUs without the machine they are attached to: labelled gives those no price per GPU.
select *
from {{ snapshots_as_of(
    'skypilot',
    item=['provider_label', 'sku_label', 'gpu_label', 'gpu_memory_gb', 'region_label', 'gpu_count', 'commitment',
          'price_unit'],
    figure=['price', 'price_low', 'price_high'],
) }}
