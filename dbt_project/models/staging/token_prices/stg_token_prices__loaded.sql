-- noqa: disable=AM04,RF03
-- Token prices users loaded from files of their own. Providers are known by their name in small letters.
select stated.* exclude (shape) replace (lower(stated.provider_label) as provider_label)
from {{ loaded_as_of('token_prices') }} as stated
