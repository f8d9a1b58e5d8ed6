-- Every enumerated column's values with their meaning. Segments follow from what has been observed.
{% set topics = ['benchmark', 'colo', 'gpu_rental', 'index', 'marts', 'power', 'reference', 'token_prices'] %}
{% set placeholders = {
    'gpu_rental': ['gpu', 'gpu_family', 'commitment', 'provider_tier', 'region_group', 'region_words'],
    'gpu_hedonic': ['commitment'],
    'gpu_capacity': ['commitment'],
    'tokens': ['token_kind', 'provider_tier', 'weights', 'weights_words', 'size_class', 'size_words'],
    'token_hedonic': ['token_kind', 'benchmark'],
    'token_hedonic_and_size': ['token_kind', 'benchmark'],
    'power': ['zone', 'zone_group', 'sector'],
    'colo': ['market', 'market_group'],
    'frontier': ['benchmark', 'threshold', 'model_class', 'blend'],
    'frontier_study': ['benchmark', 'threshold', 'reason'],
} %}
with listed as (
    {% for topic in topics %}
        select column_name, value, description from {{ ref('enumeration_' ~ topic) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- What the patterns of segment_name are filled with: each combination that a fact has.
rents as (
    select distinct
        fact.gpu,
        gpu.gpu_family,
        fact.commitment,
        coalesce(provider.tier, 'unspecified') as provider_tier,
        region.region_group,
        replace(region.region_group, '_', ' ') as region_words
    from {{ ref('fct_gpu_rental_rate') }} as fact
    left join {{ ref('dim_gpu') }} as gpu on fact.gpu = gpu.gpu
    left join {{ ref('dim_provider') }} as provider on fact.provider = provider.provider
    left join {{ ref('region_group') }} as region on fact.region = region.region
),

tokens as (
    select distinct
        fact.token_kind,
        coalesce(provider.tier, 'unspecified') as provider_tier
    from {{ ref('fct_token_price') }} as fact
    left join {{ ref('dim_provider') }} as provider on fact.provider = provider.provider
),

weights (weights, weights_words) as (values ('open', 'published'), ('closed', 'not published')),

size_classes (size_class, size_words) as (
    values ('small_models', 'small models'), ('medium_models', 'medium models'), ('large_models', 'large models')
),

scored_tokens as (
    select
        k.token_kind,
        b.benchmark
    from (select distinct token_kind from {{ ref('fct_token_price') }}) as k
    cross join (select distinct benchmark from {{ ref('fct_benchmark_score') }}) as b
),

combinations as (
    select 'gpu_rental' as series, * from rents
    union all by name
    select distinct unnest(['gpu_hedonic', 'gpu_capacity']) as series, commitment from rents
    union all by name
    select 'tokens' as series, * from tokens cross join weights cross join size_classes
    union all by name
    select unnest(['token_hedonic', 'token_hedonic_and_size']) as series, * from scored_tokens
    union all by name
    select distinct
        'power' as series,
        zone,
        sector,
        case when zone like 'US-%' then 'US states' end as zone_group
    from {{ ref('fct_power_price') }}
    union all by name
    select distinct 'colo' as series, market, 'all' as market_group from {{ ref('fct_colo_rate') }}
    union all by name
    select
        'frontier' as series,
        rung.benchmark,
        printf('%g', rung.threshold) as threshold,
        class.value as model_class,
        mix.value as blend
    from {{ ref('frontier_threshold') }} as rung
    cross join {{ ref('enumeration_index') }} as class
    cross join {{ ref('enumeration_marts') }} as mix
    where
        rung.series = 'observed' and class.column_name = 'model_class'
        and mix.column_name = 'blend' and mix.value in ('input_output_3_1', 'input_output_14_1')
    union all by name
    select
        'frontier_study' as series,
        benchmark,
        printf('%g', threshold) as threshold,
        reason
    from {{ ref('frontier_threshold') }} where series = 'epoch_llm_price_study'
),

segments as (
    {% for series, columns in placeholders.items() %}
        select distinct
            {{ filled('name.pattern', columns) }} as value,
            {{ filled('name.description', columns) }} as description
        from combinations
        inner join {{ ref('segment_name') }} as name on combinations.series = name.series
        where combinations.series = '{{ series }}'
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
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
    select 'segment' as column_name, value, description from segments where not contains(value, '{')
    union all
    select 'throughput_profile' as column_name, value, description from profiles
    union all
    select 'scenario' as column_name, scenario as value, description from {{ ref('dim_scenario') }}
)
group by column_name, value
