-- Where costs arise: which power price and which colocation rate stand for each place.
select
    market,
    name,
    country,
    power_zone,
    power_sector,
    colo_market,
    note
from {{ ref('market') }}
order by market
