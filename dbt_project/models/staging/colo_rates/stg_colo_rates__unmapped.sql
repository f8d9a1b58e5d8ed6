-- noqa: disable=RF04
-- Labels no crosswalk knows, with the rows they keep out of the facts.
select
    'colo_rates' as family,
    'market' as kind,
    market_label as label,
    string_agg(distinct source_id, ', ' order by source_id) as source_ids,
    count(*) as row_count
from {{ ref('stg_colo_rates__labelled') }}
where market is null
group by market_label
union all
select
    'colo_rates' as family,
    'size' as kind,
    size_label as label,
    string_agg(distinct source_id, ', ' order by source_id) as source_ids,
    count(*) as row_count
from {{ ref('stg_colo_rates__labelled') }}
where size_band is null
group by size_label
