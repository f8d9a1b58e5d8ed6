-- noqa: disable=RF04,AM04
-- Providers of GPU time and of tokens under their canonical names. Who sells both has the tier it rents GPUs in.
with rental as (
    select distinct
        provider,
        name,
        tier
    from {{ ref('xwalk_rental_provider') }}
)

select * from rental
union all
select
    provider,
    min(name) as name,
    min(tier) as tier
from {{ ref('xwalk_token_provider') }}
where provider not in (select rental.provider from rental)
group by provider
order by provider
