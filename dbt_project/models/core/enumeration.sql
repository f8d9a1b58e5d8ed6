-- Every enumerated column's values with their meaning. Segments follow from what has been observed.
{% set topics = ['benchmark', 'colo', 'gpu_rental', 'index', 'marts', 'power', 'reference', 'token_prices'] %}
with listed as (
    {% for topic in topics %}
        select column_name, value, description from {{ ref('enumeration_' ~ topic) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

segments as (
    select 'gpu_rental/' || gpu || '/' || commitment as value, gpu || ' rented on the terms ' || commitment as description
    from {{ ref('fct_gpu_rental_rate') }}
    union
    select 'gpu_rental/all/' || commitment, 'Every GPU rented on the terms ' || commitment
    from {{ ref('fct_gpu_rental_rate') }}
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
        'tokens/' || f.token_kind || '/' || coalesce(p.tier, 'unspecified'), 'List price of ' || f.token_kind
        || ' tokens, standard processing, at providers of tier ' || coalesce(p.tier, 'unspecified')
    from {{ ref('fct_token_price') }} as f left join {{ ref('dim_provider') }} as p on f.provider = p.provider
    union
    select 'tokens/' || token_kind || '/all', 'List price of ' || token_kind || ' tokens, standard processing'
    from {{ ref('fct_token_price') }}
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
