-- noqa: disable=AM04,RF03
-- Microsoft's own list; a look is one region. A reservation is published as one price for its whole term, whatever its
-- unit of measure says: brought to an hour of a year of 8,760 here. USD per instance-hour from here on.
-- A dated price that was cancelled or replaced is left to landing: this family's facts hold no known_to.
{% set hours = "case run.commitment when 'reserved_1y' then 8760.0 when 'reserved_3y' then 3 * 8760.0 end" %}
{% set per_hour = "case when run.price_unit = 'usd_per_instance_term' then 1 / " ~ hours ~ " else 1 end" %}
select
    run.* exclude (known_to) replace (
        run.price * ({{ per_hour }}) as price,
        run.price_low * ({{ per_hour }}) as price_low,
        run.price_high * ({{ per_hour }}) as price_high,
        'usd_per_instance_hour' as price_unit
    )
from {{ snapshots_as_of(
    'azure_retail',
    item=['provider_label', 'sku_label', 'gpu_label', 'gpu_memory_gb', 'region_label', 'gpu_count', 'commitment',
          'price_unit'],
    figure=['price', 'price_low', 'price_high'],
) }} as run
where run.known_to is null
