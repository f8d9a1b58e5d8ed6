-- Facts about a model come from the seed with citations; the lab also from the vendor prefix of a label.
with priced as (
    select
        model,
        min(model_name) as model_name,
        min(model_label) filter (model_label like '%/%') as prefixed_label,
        count(distinct provider) as provider_count,
        min(valid_from) as first_priced
    from {{ ref('stg_token_prices__union') }}
    group by model
)

select
    p.model,
    coalesce(f.name, p.model_name, p.model) as name,
    coalesce(f.lab, lab.lab) as lab,
    f.weights,
    f.parameters_b,
    f.active_parameters_b,
    f.reasoning,
    p.first_priced,
    cast(p.provider_count as bigint) as provider_count,
    f.citation
from priced as p
left join {{ ref('model_fact') }} as f on p.model = f.model
left join {{ ref('xwalk_lab') }} as lab on split_part(lower(p.prefixed_label), '/', 1) = lab.vendor
