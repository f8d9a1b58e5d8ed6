-- noqa: disable=AM04
-- Every named rental observation with the first rule it breaks beside other rows, or none, and the evidence.
-- A row is judged by what stood on the day it was first seen, so that a later day cannot change the verdict, and by its
-- own history (macros/judging.sql).
{{ config(materialized='table') }}
{% set same_offer_that_day -%}
    this.source_id = other.source_id
    and this.provider = other.provider
    and this.gpu = other.gpu
    and this.form_factor = other.form_factor
    and this.sku = other.sku
    and this.region = other.region
    and this.gpus = other.gpus
    and this.valid_from >= other.valid_from
    and this.valid_from < other.until_day
{%- endset %}
with rule as (
    {{ rules('rules_gpu_rental', [
        'own_price_floor', 'reserved_floor', 'reserved_ceiling', 'peer_multiple', 'peer_minimum', 'factor_tolerance',
        'commitment_excess', 'history_minimum', 'own_multiple', 'pair_multiple', 'jump_multiple', 'jump_tolerance',
        'jump_minimum', 'jump_share',
    ], prefix='rental_') }}
),

market as (
    {{ rules('rules_gpu_rental', ['minimum_hosts'], prefix='market_') }}
),

carried as (
    select value as carry_limit_days from {{ ref('rules') }}
    where rule = 'carry_limit_days'
),

factors as (
    select value from {{ ref('rules_gpu_rental') }}
    where rule like 'rental_unit_factor:%'
),

named as (
    select
        labelled.*,
        price * per_gpu as price_per_gpu,
        -- A tracker's record and its live pages are one publisher.
        case when source_id like '%gpurentalprices%' then 'gpurentalprices' else source_id end as publisher,
        concat_ws(
            ' | ', source_id, provider_label, sku_label, gpu_label, region_label, commitment, gpu_count, form_factor
        ) as item,
        concat_ws(' | ', provider, gpu, form_factor, commitment, region_label) as thing,
        coalesce(valid_to, date '9999-12-31') as until_day,
        coalesce(sku_label, '') as sku,
        coalesce(region_label, '') as region,
        coalesce(gpu_count, 0) as gpus,
        coalesce(seller_count < market.minimum_hosts, false) as is_of_few_hosts
    from {{ ref('stg_gpu_rental__labelled') }} as labelled
    cross join market
    where provider is not null and is_gpu_label_known and left_out is null
),

own as (
    select
        this.observation_id,
        median(other.price_per_gpu) as own_median,
        count(*) as own_count
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
    select
        named.*,
        own.own_median,
        own.own_count
    from named
    inner join own on named.observation_id = own.observation_id
    cross join rule
    where named.price_per_gpu < own.own_median * rule.own_price_floor
),

-- A term that costs a multiple of the hour: it is the hour that lacks the GPU, not the term that is dear.
below_commitment as (
    select
        this.observation_id,
        max(other.price_per_gpu) as committed_price
    from named as this
    inner join named as other
        on
            {{ same_offer_that_day }}
            and other.commitment like 'reserved%'
    cross join rule
    where this.commitment = 'on_demand' and other.price_per_gpu >= this.price_per_gpu * rule.commitment_excess
    group by this.observation_id
),

-- What is sold beside an hour that lacks the GPU lacks it too; but not a term that shows the hour up.
lacking_companion as (
    select distinct this.observation_id
    from (
        select
            lacking.observation_id,
            1e9 as dearest
        from lacking
        union all
        select
            named.observation_id,
            named.price_per_gpu
        from named
        inner join below_commitment on named.observation_id = below_commitment.observation_id
    ) as without_gpu
    inner join named as hour on without_gpu.observation_id = hour.observation_id
    inner join named as this
        on
            this.source_id = hour.source_id
            and this.provider = hour.provider
            and this.sku = hour.sku
            and this.region = hour.region
            and this.commitment <> 'on_demand'
            and this.valid_from >= hour.valid_from
            and this.until_day <= hour.until_day
            and this.price_per_gpu < without_gpu.dearest
),

on_demand_beside as (
    select
        this.observation_id,
        min(other.price_per_gpu) as on_demand_price
    from named as this
    inner join named as other
        on
            {{ same_offer_that_day }}
            and other.commitment = 'on_demand'
    where this.commitment = 'spot' or this.commitment like 'reserved%'
    group by this.observation_id
),

whole_node as (
    select
        this.observation_id,
        max(other.gpus) as node_gpus
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
            and this.valid_from >= other.valid_from
            and this.valid_from < other.until_day
    where this.sku <> '' and this.gpus > 0 and this.price_unit = 'usd_per_instance_hour'
    group by this.observation_id
),

-- What others ask does not depend on the row, only on whose it is and on the day: asked once for each.
asked as (
    select distinct
        gpu,
        commitment,
        provider,
        tier,
        valid_from
    from named
    where form_factor <> 'partial'
),

-- When each group of items was last looked at, on each day on which a row is judged.
days as (
    select distinct valid_from as day_judged from asked
),

groups as (
    select distinct
        source_id,
        capture_group
    from {{ ref('stg_gpu_rental__captures') }}
),

last_look as (
    select
        days.day_judged,
        look.source_id,
        look.capture_group,
        look.capture_date
    from days
    cross join groups
    asof inner join {{ ref('stg_gpu_rental__captures') }} as look
        on
            groups.source_id = look.source_id
            and groups.capture_group = look.capture_group
            and days.day_judged >= look.capture_date
),

-- A list that nobody has looked at for a quarter is no peer: its prices stay open for want of a look.
peers as (
    select
        this.gpu,
        this.commitment,
        this.provider,
        this.tier,
        this.valid_from,
        median(other.price_per_gpu) as peer_median,
        count(distinct other.provider) as peer_count
    from asked as this
    inner join named as other
        on
            this.gpu = other.gpu
            and this.commitment = other.commitment
            and this.provider <> other.provider
            -- Hyperscalers ask several times what others do: they are judged beside all, the others beside each other.
            and (this.tier = 'hyperscaler' or other.tier <> 'hyperscaler')
            and this.valid_from >= other.valid_from
            and this.valid_from < other.until_day
    inner join last_look
        on
            this.valid_from = last_look.day_judged
            and other.source_id = last_look.source_id
            and other.capture_group = last_look.capture_group
    cross join carried
    -- Estimates judge nobody.
    where
        last_look.day_judged - least(last_look.capture_date, other.last_observed) <= carried.carry_limit_days
        and other.form_factor <> 'partial' and other.grade <> 'C' and not other.is_of_few_hosts
    group by this.gpu, this.commitment, this.provider, this.tier, this.valid_from
),

read_beside as (
    select
        named.*,
        case
            when named.gpu is null then 'gpu_memory_contradicts_label'
            when named.price_unit = 'usd_per_gpus_without_machine_hour' then 'machine_not_in_price'
            when named.price_per_gpu is null then 'gpu_count_not_stated'
            when named.is_of_few_hosts then 'too_few_hosts'
            when lacking.observation_id is not null or below_commitment.observation_id is not null
                then 'price_lacks_gpu'
            when lacking_companion.observation_id is not null then 'companion_lacks_gpu'
            when
                named.commitment like 'reserved%'
                and named.price_per_gpu < beside.on_demand_price * rule.reserved_floor
                then 'reserved_lacks_gpu'
            when
                named.commitment like 'reserved%'
                and named.price_per_gpu > beside.on_demand_price * rule.reserved_ceiling
                and not coalesce(named.price_per_gpu >= beside.on_demand_price * rule.commitment_excess, false)
                then 'reserved_not_discounted'
            when named.commitment = 'spot' and named.price_per_gpu > beside.on_demand_price
                then 'spot_above_on_demand'
            when whole_node.observation_id is not null then 'whole_node_price'
            when
                peers.peer_count >= rule.peer_minimum
                and {{ ratio('named.price_per_gpu', 'peers.peer_median') }} > rule.peer_multiple
                then 'far_from_peers'
        end as rule_beside,
        case rule_beside
            when 'gpu_memory_contradicts_label' then {{ shown('named.gpu_memory_gb') }} || ' GB stated for ' || named.gpu_label
            when 'machine_not_in_price' then 'priced ' || named.price_unit
            when 'too_few_hosts' then named.seller_count || ' hosts; ' || market.minimum_hosts || ' make a market'
            when 'gpu_count_not_stated' then 'priced ' || named.price_unit || ' without a count of GPUs'
            when 'price_lacks_gpu'
                then coalesce(
                    'median ' || {{ shown('lacking.own_median') }} || ' of ' || lacking.own_count
                    || ' of the seller''s other prices for the GPU that day; ratio '
                    || {{ shown('named.price_per_gpu / lacking.own_median') }},
                    'a term of the same offer costs ' || {{ shown('below_commitment.committed_price') }}
                    || ' an hour; ratio ' || {{ shown('named.price_per_gpu / below_commitment.committed_price') }}
                )
            when 'companion_lacks_gpu' then 'the machine''s on-demand price of those days lacks the GPU'
            when 'whole_node_price'
                then 'the same machine with ' || {{ shown('whole_node.node_gpus') }} || ' GPUs bears the same price'
            when 'far_from_peers'
                then
                    'median ' || {{ shown('peers.peer_median') }} || ' of ' || peers.peer_count
                    || ' other sellers that day; ratio ' || {{ shown('named.price_per_gpu / peers.peer_median') }}
            else
                'on demand ' || {{ shown('beside.on_demand_price') }} || ' for the same offer that day; ratio '
                || {{ shown('named.price_per_gpu / beside.on_demand_price') }}
        end as evidence_beside
    from named
    cross join rule
    cross join market
    left join lacking on named.observation_id = lacking.observation_id
    left join below_commitment on named.observation_id = below_commitment.observation_id
    left join lacking_companion on named.observation_id = lacking_companion.observation_id
    left join on_demand_beside as beside on named.observation_id = beside.observation_id
    left join whole_node on named.observation_id = whole_node.observation_id
    left join peers
        on
            named.form_factor <> 'partial'
            and named.gpu = peers.gpu
            and named.commitment = peers.commitment
            and named.provider = peers.provider
            and named.tier = peers.tier
            and named.valid_from = peers.valid_from
),

-- Prices that can be a yardstick: those that nothing speaks against so far.
credible as (
    select read_beside.* replace (read_beside.price_per_gpu as price)
    from read_beside
    left join {{ ref('stg_corrections__acting') }} as correction
        on {{ landed_id('read_beside.observation_id') }} = correction.observation_id and correction.verdict = 'reject'
    where read_beside.rule_beside is null and read_beside.grade <> 'C' and correction.observation_id is null
),

{{ judged_by_history(
    'credible', sellers=["'the list of ' || provider_label", "'the whole source'"], offer='item'
) }},

ruled as (
    select
        named.* exclude (until_day, sku, region, gpus, is_of_few_hosts, publisher, item, thing, rule_beside, evidence_beside),
        coalesce(
            named.rule_beside,
            history.rule_history,
            case when jumped.observation_id is not null and jump_confirmed.observation_id is null then 'provider_wide_jump' end
        ) as rule_broken,
        case
            when named.rule_beside is not null then named.evidence_beside
            when history.rule_history is not null then {{ history_evidence('history') }}
            when jumped.observation_id is not null then {{ jump_evidence('jumped', 'named.valid_from') }}
        end as rule_evidence
    from read_beside as named
    left join history_reading as history on named.observation_id = history.observation_id
    left join jumped on named.observation_id = jumped.observation_id
    left join jump_confirmed on named.observation_id = jump_confirmed.observation_id
)

select
    ruled.* exclude (rule_broken, rule_evidence),
    {{ verdict('ruled.rule_broken') }} as rejection,
    {{ evidence('ruled.rule_broken', 'ruled.rule_evidence') }} as evidence,
    {{ correction_ids('ruled.rule_broken') }} as correction_ids
from ruled
left join {{ ref('stg_corrections__acting') }} as correction
    on
        {{ landed_id('ruled.observation_id') }} = correction.observation_id
        -- A row without a GPU or a price per GPU cannot be released into the facts.
        and ruled.gpu is not null
        and ruled.price_per_gpu is not null
