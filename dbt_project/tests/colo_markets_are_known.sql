-- Markets of rates that dim_market lacks, and markets whose space or power points at nothing.
select
    fact.market,
    'rate without a market' as problem
from {{ ref('fct_colo_rate') }} as fact
left join {{ ref('dim_market') }} as dim on fact.market = dim.market
where dim.market is null
union
select
    dim.market,
    'colo_market without a row of its own' as problem
from {{ ref('dim_market') }} as dim
left join {{ ref('dim_market') }} as place on dim.colo_market = place.market
where dim.colo_market is not null and place.market is null
union
select
    dim.market,
    'power_zone and power_sector that are not enumerated' as problem
from {{ ref('dim_market') }} as dim
left join {{ ref('enumeration_power') }} as listed_zone
    on listed_zone.column_name = 'zone' and dim.power_zone = listed_zone.value
left join {{ ref('enumeration_power') }} as listed_sector
    on listed_sector.column_name = 'sector' and dim.power_sector = listed_sector.value
where
    (dim.power_zone is not null and listed_zone.value is null)
    or (dim.power_sector is not null and listed_sector.value is null)
    or ((dim.power_zone is null) <> (dim.power_sector is null))
