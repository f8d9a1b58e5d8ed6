-- The derived US total of the open data API against the agency's own: months that part by more than its rounding.
{{ config(severity='warn') }}
select
    total.sector,
    total.interval_start,
    total.original_price,
    agency.original_price as agency_price
from {{ ref('fct_power_price') }} as total
inner join {{ ref('stg_power_prices__eia_api') }} as agency
    on total.sector = agency.sector and total.interval_start = agency.interval_start
where
    total.source_id = 'eia_api'
    and total.zone = 'US'
    and total.known_to is null
    and agency.zone_label = 'US'
    and agency.known_to is null
    and abs(total.original_price - agency.original_price) > 0.02
