-- Rental providers under their canonical names.
select distinct
    provider,
    name,
    tier
from {{ ref('xwalk_rental_provider') }}
order by provider
