-- noqa: disable=AM04
-- Every named rental observation with the first rule it breaks beside other rows, or none.
-- A row is judged by what stood on the day it was first seen, so that a later day cannot change the verdict.
{{ config(materialized='table') }}
with limits as (
    select
        max(value) filter (rule = 'rental_own_price_floor') as own_price_floor,
        max(value) filter (rule = 'rental_reserved_floor') as reserved_floor,
        max(value) filter (rule = 'rental_reserved_ceiling') as reserved_ceiling,
        max(value) filter (rule = 'rental_peer_multiple') as peer_multiple,
        max(value) filter (rule = 'rental_peer_minimum') as peer_minimum,
        max(value) filter (rule = 'market_minimum_hosts') as minimum_hosts
    from {{ ref('rules_gpu_rental') }}
),

named as (
    select
        labelled.*,
        price * per_gpu as price_per_gpu,
        coalesce(valid_to, date '9999-12-31') as until_day,
        coalesce(sku_label, '') as sku,
        coalesce(region_label, '') as region,
        coalesce(gpu_count, 0) as gpus,
        coalesce(seller_count < limits.minimum_hosts, false) as is_of_few_hosts
    from {{ ref('stg_gpu_rental__labelled') }} as labelled
    cross join limits
    where provider is not null and is_gpu_label_known
),

own as (
    select
        this.observation_id,
        median(other.price_per_gpu) as own_median
    from named as this
    inner join named as other
        on
            this.source_id = other.source_id
            and this.provider = other.provider
            and this.gpu = other.gpu
            and this.region = other.region
            and this.commitment = other.commitment
            and this.observation_id <> other.observation_id
            and this.valid_from >= other.valid_from
            and this.valid_from < other.until_day
    where this.commitment = 'on_demand' and this.form_factor <> 'partial'
    group by this.observation_id
),

lacking as (
    select named.*
    from named
    inner join own on named.observation_id = own.observation_id
    cross join limits
    where named.price_per_gpu < own.own_median * limits.own_price_floor
),

lacking_companion as (
    select distinct this.observation_id
    from named as this
    inner join lacking
        on
            this.source_id = lacking.source_id
            and this.provider = lacking.provider
            and this.sku = lacking.sku
            and this.region = lacking.region
            and this.commitment <> 'on_demand'
            and this.valid_from >= lacking.valid_from
            and this.until_day <= lacking.until_day
),

on_demand_beside as (
    select
        this.observation_id,
        min(other.price_per_gpu) as on_demand_price
    from named as this
    inner join named as other
        on
            this.source_id = other.source_id
            and this.provider = other.provider
            and this.gpu = other.gpu
            and this.form_factor = other.form_factor
            and this.sku = other.sku
            and this.region = other.region
            and this.gpus = other.gpus
            and other.commitment = 'on_demand'
            and this.valid_from >= other.valid_from
            and this.valid_from < other.until_day
    where this.commitment = 'spot' or this.commitment like 'reserved%'
    group by this.observation_id
),

whole_node as (
    select distinct this.observation_id
    from named as this
    inner join named as other
        on
            this.source_id = other.source_id
            and this.provider = other.provider
            and this.sku = other.sku
            and this.region = other.region
            and this.commitment = other.commitment
            and this.price = other.price
            and this.gpus < other.gpus
            and this.valid_from < other.until_day
            and this.until_day > other.valid_from
    where this.sku <> '' and this.gpus > 0 and this.price_unit = 'usd_per_instance_hour'
),

peers as (
    select
        this.observation_id,
        median(other.price_per_gpu) as peer_median,
        count(distinct other.provider) as peer_count
    from named as this
    inner join named as other
        on
            this.gpu = other.gpu
            and this.commitment = other.commitment
            and this.provider <> other.provider
            -- Estimates judge nobody.
            and other.grade <> 'C'
            -- Hyperscalers ask several times what others do: they are judged beside all, the others beside each other.
            and (this.tier = 'hyperscaler' or other.tier <> 'hyperscaler')
            and this.valid_from >= other.valid_from
            and this.valid_from < other.until_day
    where this.form_factor <> 'partial' and other.form_factor <> 'partial' and not other.is_of_few_hosts
    group by this.observation_id
),

ruled as (
    select
        named.* exclude (until_day, sku, region, gpus, is_of_few_hosts),
        case
            when named.gpu is null then 'gpu_memory_contradicts_label'
            when named.price_unit = 'usd_per_gpus_without_machine_hour' then 'machine_not_in_price'
            when named.price_per_gpu is null then 'gpu_count_not_stated'
            when named.is_of_few_hosts then 'too_few_hosts'
            when lacking.observation_id is not null then 'price_lacks_gpu'
            when lacking_companion.observation_id is not null then 'companion_lacks_gpu'
            when
                named.commitment like 'reserved%'
                and named.price_per_gpu < beside.on_demand_price * limits.reserved_floor
                then 'reserved_lacks_gpu'
            when named.commitment like 'reserved%' and named.price_per_gpu > beside.on_demand_price * limits.reserved_ceiling
                then 'reserved_not_discounted'
            when named.commitment = 'spot' and named.price_per_gpu > beside.on_demand_price
                then 'spot_above_on_demand'
            when whole_node.observation_id is not null then 'whole_node_price'
            when
                peers.peer_count >= limits.peer_minimum
                and (
                    named.price_per_gpu > peers.peer_median * limits.peer_multiple
                    or named.price_per_gpu < peers.peer_median / limits.peer_multiple
                )
                then 'far_from_peers'
        end as rule_broken
    from named
    cross join limits
    left join lacking on named.observation_id = lacking.observation_id
    left join lacking_companion on named.observation_id = lacking_companion.observation_id
    left join on_demand_beside as beside on named.observation_id = beside.observation_id
    left join whole_node on named.observation_id = whole_node.observation_id
    left join peers on named.observation_id = peers.observation_id
)

select
    ruled.* exclude (rule_broken),
    {{ verdict('ruled.rule_broken') }} as rejection,
    {{ correction_ids('ruled.rule_broken') }} as correction_ids
from ruled
left join {{ ref('stg_corrections__acting') }} as correction
    on
        {{ landed_id('ruled.observation_id') }} = correction.observation_id
        -- A row without a GPU or a price per GPU cannot be released into the facts.
        and ruled.gpu is not null
        and ruled.price_per_gpu is not null
