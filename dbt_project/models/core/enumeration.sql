-- Every enumerated column's values with their meaning. Segments follow from what has been observed.
{% set topics = ['benchmark', 'colo', 'gpu_rental', 'index', 'marts', 'power', 'reference', 'token_prices'] %}
with listed as (
    {% for topic in topics %}
        select column_name, value, description from {{ ref('enumeration_' ~ topic) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- A GPU's family: its name without form and memory.
rents as (
    select distinct
        fact.gpu,
        fact.commitment,
        coalesce(provider.tier, 'unspecified') as tier,
        region.region_group,
        regexp_replace(fact.gpu, ' (SXM|PCIe|NVL|NVL72|\(unspecified\)|[0-9]+GB)$', '') as family
    from {{ ref('fct_gpu_rental_rate') }} as fact
    left join {{ ref('dim_provider') }} as provider on fact.provider = provider.provider
    left join {{ ref('region_group') }} as region on fact.region = region.region
),

-- Each GPU, each family of several, and all together.
rented as (
    select distinct
        gpu as what,
        gpu as named,
        commitment,
        tier,
        region_group
    from rents
    union
    select distinct
        family || ' family',
        'every form and memory of ' || family,
        commitment,
        tier,
        region_group
    from rents
    union
    select distinct
        'all',
        'every GPU',
        commitment,
        tier,
        region_group
    from rents
),

listed_tokens as (
    select distinct
        fact.token_kind,
        coalesce(provider.tier, 'unspecified') as tier
    from {{ ref('fct_token_price') }} as fact
    left join {{ ref('dim_provider') }} as provider on fact.provider = provider.provider
),

model_classes (value, description) as (
    values
    ('open_weights', 'of models whose weights are published'),
    ('closed_weights', 'of models whose weights are not published'),
    ('small_models', 'of small models, by the parameters their name or maker states (rules_index)'),
    ('medium_models', 'of medium models, by the parameters their name or maker states (rules_index)'),
    ('large_models', 'of large models, by the parameters their name or maker states (rules_index)')
),

segments as (
    select
        'gpu_rental/' || what || '/' || commitment as value,
        named || ' rented on the terms ' || commitment as description
    from rented
    union
    select
        'gpu_rental/' || what || '/' || commitment || '/' || tier,
        named || ' rented on the terms ' || commitment || ' from providers of tier ' || tier
    from rented
    union
    select
        'gpu_rental/' || what || '/' || commitment || '/' || region_group,
        named || ' rented on the terms ' || commitment || ' in ' || replace(region_group, '_', ' ')
    from rented where region_group is not null
    union
    select
        'tokens/' || token_kind || '/' || tier,
        'List price of ' || token_kind || ' tokens, standard processing, at providers of tier ' || tier
    from listed_tokens
    union
    select 'tokens/' || token_kind || '/all', 'List price of ' || token_kind || ' tokens, standard processing'
    from listed_tokens
    union
    select
        'tokens/' || kind.token_kind || '/' || class.value,
        'List price of ' || kind.token_kind || ' tokens ' || class.description
    from listed_tokens as kind cross join model_classes as class
    union
    select
        'gpu_rental/hedonic/' || commitment,
        'A GPU of given peak, memory and bandwidth, rented on the terms ' || commitment
    from {{ ref('fct_gpu_rental_rate') }}
    union
    select
        'gpu_rental/pflop_hour/' || commitment,
        'Rent over capacity of whatever GPUs are on offer on the terms ' || commitment
    from {{ ref('fct_gpu_rental_rate') }}
    union
    select
        'tokens/hedonic/' || k.token_kind || '/' || b.benchmark,
        'List price of ' || k.token_kind || ' tokens of a model of given score on ' || b.benchmark
    from (select distinct token_kind from {{ ref('fct_token_price') }}) as k
    cross join (select distinct benchmark from {{ ref('fct_benchmark_score') }}) as b
    union
    select
        'tokens/hedonic/' || k.token_kind || '/' || b.benchmark || '_and_size',
        'List price of ' || k.token_kind || ' tokens of a model of given size and score on ' || b.benchmark
    from (select distinct token_kind from {{ ref('fct_token_price') }}) as k
    cross join (select distinct benchmark from {{ ref('fct_benchmark_score') }}) as b
    union
    select 'power/' || zone || '/' || sector, 'Power in ' || zone || ', ' || sector
    from {{ ref('fct_power_price') }}
    union
    select 'power/US states/' || sector, 'Power in the US states recorded, each state one item, ' || sector
    from {{ ref('fct_power_price') }} where zone like 'US-%'
    union
    select 'colo/' || market, 'Colocation rates in ' || market
    from {{ ref('fct_colo_rate') }}
    union
    select 'colo/all', 'Colocation rates in every single market recorded; baskets of markets are no item'
    union
    select
        'frontier/' || t.benchmark || '/' || printf('%g', t.threshold) || '/' || c.value || '/' || b.value,
        'Price of tokens of a model that scores ' || printf('%g', t.threshold) || ' or more on ' || t.benchmark || '; models: '
        || c.value || '; mix: ' || b.value
    from {{ ref('frontier_threshold') }} as t
    cross join {{ ref('enumeration_index') }} as c
    cross join {{ ref('enumeration_marts') }} as b
    where
        t.series = 'observed' and c.column_name = 'model_class'
        and b.column_name = 'blend' and b.value in ('input_output_3_1', 'input_output_14_1')
    union
    select
        'frontier_study/' || benchmark || '/' || printf('%g', threshold),
        'Epoch AI''s study of token prices, ' || benchmark || ', ' || reason
    from {{ ref('frontier_threshold') }} where series = 'epoch_llm_price_study'
),

-- Tables without a column for the model name profile and model together.
profiles as (
    select distinct
        throughput_profile || '/' || model as value,
        'Profile ' || throughput_profile || ' of ' || model as description
    from {{ ref('throughput_profile') }}
)

select column_name, value, min(description) as description
from (
    select * from listed
    union all
    select 'benchmark' as column_name, benchmark as value, description from {{ ref('benchmark') }}
    union all
    select 'segment' as column_name, value, description from segments
    union all
    select 'throughput_profile' as column_name, value, description from profiles
    union all
    select 'scenario' as column_name, scenario as value, description from {{ ref('dim_scenario') }}
)
group by column_name, value
