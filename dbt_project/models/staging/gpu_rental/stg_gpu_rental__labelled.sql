-- noqa: disable=AM04
-- Every rental observation with its canonical names where a crosswalk knows them; null where none does. `left_out` says
-- by which rule a row is in no fact though it is well named; null where none does.
{{ config(materialized='table') }}
with stated as (
    select * from {{ ref('stg_gpu_rental__runs') }}
    union all by name
    select * from {{ ref('stg_gpu_rental__snapshots') }}
    union all by name
    select * from {{ ref('stg_gpu_rental__records') }}
    union all by name
    select * from {{ ref('stg_gpu_rental__loaded') }}
    union all by name
    -- Publishers that differ from the rest (staging: own in source.yml).
    select * from {{ ref('stg_gpu_rental__gpu_rates_gpurentalprices') }}
    union all by name
    select * from {{ ref('stg_gpu_rental__gpurentalprices_live') }}
    union all by name
    select * from {{ ref('stg_gpu_rental__gpu_rates_prime_intellect') }}
    union all by name
    select * from {{ ref('stg_gpu_rental__vast') }}
    union all by name
    select * from {{ ref('stg_gpu_rental__rejected_offers') }}
),

-- In the family's units: cents are dollars, a price for a whole term is one for an hour of it.
published as (
    select
        stated.* replace (
            {{ in_family_unit('stated.price') }} as price,
            {{ in_family_unit('stated.price_low') }} as price_low,
            {{ in_family_unit('stated.price_high') }} as price_high,
            coalesce(unit.to_unit, stated.price_unit) as price_unit,
            coalesce(stated.landed_rows, 1) as landed_rows
        )
    from stated
    left join {{ source('landing', 'price_unit') }} as unit
        on
            unit.family = 'gpu_rental'
            and stated.price_unit = unit.price_unit
            and coalesce(unit.commitment = stated.commitment, true)
),

observations as (
    select
        published.* replace (
            {{ corrected_price('published.price') }} as price,
            -- A range belongs to the published price: it goes with a factor and falls with a price set by hand.
            case when correction.set_price is null then published.price_low * coalesce(correction.multiply_price_by, 1) end
                as price_low,
            case when correction.set_price is null then published.price_high * coalesce(correction.multiply_price_by, 1) end
                as price_high,
            coalesce(correction.set_price_unit, published.price_unit) as price_unit,
            coalesce(correction.set_gpu_count, published.gpu_count) as gpu_count
        ),
        published.price as original_price,
        published.price_unit as original_unit
    from published
    left join {{ ref('stg_corrections__acting') }} as correction
        on {{ landed_id('published.observation_id') }} = correction.observation_id
),

gpu_named as (
    select
        observations.observation_id,
        observations.gpu_memory_gb is null or coalesce(observations.gpu_count < 1, false) as is_memory_unstated,
        xwalk.gpu,
        xwalk.form_factor,
        case
            when xwalk.sku_pattern is not null then 1
            when xwalk.memory_high_gb = 0 then 2
            when xwalk.memory_low_gb is not null then 3
            else 4
        end as rank_of_row
    from observations
    inner join {{ ref('xwalk_gpu') }} as xwalk
        on
            lower(observations.gpu_label) = xwalk.gpu_label
            and (
                observations.gpu_memory_gb is null
                or xwalk.memory_low_gb is null
                or observations.gpu_memory_gb between xwalk.memory_low_gb and xwalk.memory_high_gb
                -- A part of a GPU is stated with its part of the memory.
                or observations.gpu_count < 1
            )
            and (xwalk.sku_pattern is null or regexp_matches(observations.sku_label, xwalk.sku_pattern))
),

gpu_ranked as (
    select
        *,
        -- Rows of one rank that name several GPUs say nothing where the source does not state a whole GPU's memory.
        is_memory_unstated
        and min(gpu) over (partition by observation_id, rank_of_row)
        <> max(gpu) over (partition by observation_id, rank_of_row) as is_ambiguous
    from gpu_named
),

gpu_match as (
    select
        observation_id,
        gpu,
        form_factor
    from gpu_ranked
    qualify row_number() over (partition by observation_id order by is_ambiguous, rank_of_row, gpu) = 1
)

select
    observations.* replace (
        coalesce(observations.left_out, case when other.accelerator is not null then 'is_no_gpu' end) as left_out
    ),
    providers.provider,
    providers.tier,
    gpu_match.gpu,
    case when observations.gpu_count < 1 then 'partial' else gpu_match.form_factor end as form_factor,
    lower(observations.gpu_label) in (select xwalk.gpu_label from {{ ref('xwalk_gpu') }} as xwalk) as is_gpu_label_known,
    case
        when observations.price_unit = 'usd_per_gpu_hour' then 1.0
        when observations.price_unit = 'usd_per_gpus_without_machine_hour' then null
        else 1.0 / observations.gpu_count
    end as per_gpu
from observations
left join gpu_match on observations.observation_id = gpu_match.observation_id
left join {{ ref('other_accelerator') }} as other on lower(observations.gpu_label) = other.gpu_label
left join {{ ref('xwalk_rental_provider') }} as providers
    on lower(observations.provider_label) = providers.provider_label
