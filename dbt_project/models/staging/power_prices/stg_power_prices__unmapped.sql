-- noqa: disable=RF04
-- Zone labels no crosswalk knows on their day, with the rows they keep out of the facts.
select
    'power_prices' as family,
    'zone' as kind,
    zone_label as label,
    string_agg(distinct source_id, ', ' order by source_id) as source_ids,
    count(*) as row_count
from (
    select
        source_id,
        zone_label
    from {{ ref('stg_power_prices__labelled') }}
    where zone is null and left_out is null
    union all
    select
        source_id,
        zone_label
    from {{ ref('stg_power_prices__intervals') }}
    where zone is null and left_out is null
)
group by zone_label
