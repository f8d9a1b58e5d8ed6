-- noqa: disable=RF04
-- Zone labels no crosswalk knows, with the rows they keep out of the facts.
select
    'power_prices' as family,
    'zone' as kind,
    zone_label as label,
    count(*) as row_count
from {{ ref('stg_power_prices__labelled') }}
where zone is null
group by zone_label
