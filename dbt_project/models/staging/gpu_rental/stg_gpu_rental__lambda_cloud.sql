-- noqa: disable=AM04
-- Lambda's instance types. Published in cents per instance-hour, USD from here on.
select
    run.* replace (run.price / 100 as price, 'usd_per_instance_hour' as price_unit)
from {{ snapshots_as_of(
    'lambda_cloud',
    item=['provider_label', 'sku_label', 'gpu_label', 'gpu_memory_gb', 'region_label', 'gpu_count', 'commitment',
          'price_unit'],
    figure=['price', 'price_low', 'price_high'],
) }} as run
