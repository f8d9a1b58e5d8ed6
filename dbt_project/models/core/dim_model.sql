-- Facts about a model: the seed's, with citation; else what its maker's list or most sellers state; else what its
-- name says (a size, that it reasons). Nothing is guessed: null where nobody says.
with listed as (
    select * from {{ ref('stg_token_prices__labelled') }}
),

priced as (
    select
        listed.model,
        first(
            listed.model_name
            order by {{ plain_offer('listed.') }}, own.lab is null, listed.provider, listed.model_label, listed.model_name
        ) filter (listed.model_name is not null) as model_name,
        min(listed.valid_from) as first_priced,
        count(distinct listed.provider) as provider_count
    from listed
    left join {{ ref('xwalk_lab') }} as own on listed.provider_label = own.own_provider_label
    where listed.grade <> 'C'
    group by listed.model
),

-- The maker: whose own list has the model, else the vendor most sellers put before its name.
makers as (
    select
        listed.model,
        lab.lab,
        max(listed.provider_label = coalesce(lab.own_provider_label, '')) as is_own_list,
        count(distinct listed.provider) as seller_count
    from listed
    inner join {{ ref('xwalk_lab') }} as lab
        on listed.vendor = lab.vendor or listed.provider_label = lab.own_provider_label
    group by all
),

maker as (
    select
        model,
        lab
    from makers
    qualify row_number() over (partition by model order by is_own_list desc, seller_count desc, lab) = 1
),

-- A stated day on which the model already had a price is another model's, or wrong.
released as (
    select
        named.model,
        min(stated.release_date) filter (stated.release_date <= named.first_priced) as release_date,
        -- Some sellers leave the field at false: one who says open is believed before one who says closed.
        max(stated.weights) as weights,
        first(stated.citation order by stated.release_date nulls last, stated.citation) as citation
    from (
        select
            model,
            name,
            min(valid_from) over (partition by model) as first_priced
        from listed
        where grade <> 'C'
    ) as named
    inner join {{ ref('stg_token_prices__model_statements') }} as stated on named.name = stated.name
    group by named.model
),

-- Epoch AI dates versions, models.dev names: where both speak, the version's day is the model's.
scored as (
    select
        stated.model,
        min(stated.release_date) filter (stated.release_date <= priced.first_priced) as release_date,
        max(stated.weights) as weights,
        first(stated.citation order by stated.release_date nulls last, stated.citation) as citation
    from {{ ref('stg_benchmark_scores__model_versions') }} as stated
    inner join priced on stated.model = priced.model
    where stated.valid_to is null
    group by stated.model
),

names as (
    select model from listed
    union
    select model from {{ ref('model_fact') }}
),

family as (
    select
        names.model,
        max(stated.weights) as weights,
        min(stated.citation) as citation
    from names
    inner join {{ ref('model_family') }} as stated on starts_with(names.model, stated.model_prefix)
    group by names.model
),

-- "-70b", "-235b-a22b", "-2.4t-a95b" in a name are sizes its maker published; "-17b-16e" counts the active part.
sized as (
    select
        model,
        regexp_extract(model, '(^|-)(\d+(\.\d+)?)([bt])(-|$)', 2) as size,
        regexp_extract(model, '(^|-)(\d+(\.\d+)?)([bt])(-|$)', 4) as size_unit,
        regexp_extract(model, '-a(\d+(\.\d+)?)b(-|$)', 1) as active,
        regexp_matches(model, '-\d+e(-|$)') as counts_experts
    from names
)

select
    names.model,
    coalesce(fact.name, priced.model_name, names.model) as name,
    coalesce(fact.lab, maker.lab) as lab,
    coalesce(scored.release_date, released.release_date) as release_date,
    coalesce(fact.weights, greatest(released.weights, scored.weights), family.weights) as weights,
    coalesce(
        fact.parameters_b,
        case
            when sized.size <> '' and not sized.counts_experts
                then cast(sized.size as double) * case sized.size_unit when 't' then 1000 else 1 end
        end
    ) as parameters_b,
    coalesce(
        fact.active_parameters_b, case when sized.active <> '' then cast(sized.active as double) end
    ) as active_parameters_b,
    coalesce(
        fact.reasoning,
        case
            when regexp_matches(names.model, '(^|-)non-reasoning(-|$)') then false
            when regexp_matches(names.model, '(^|-)(thinking|reasoner|reasoning)(-|$)') then true
        end
    ) as reasoning,
    priced.first_priced,
    cast(coalesce(priced.provider_count, 0) as bigint) as provider_count,
    nullif(
        concat_ws(
            '; ',
            fact.citation,
            case when scored.release_date is not null or scored.weights is not null then scored.citation end,
            case when scored.release_date is null or scored.weights is null then released.citation end,
            case when coalesce(fact.weights, released.weights, scored.weights) is null then family.citation end
        ),
        ''
    ) as citation
from names
left join priced on names.model = priced.model
left join {{ ref('model_fact') }} as fact on names.model = fact.model
left join maker on names.model = maker.model
left join released on names.model = released.model
left join scored on names.model = scored.model
left join sized on names.model = sized.model
left join family on names.model = family.model
order by names.model
