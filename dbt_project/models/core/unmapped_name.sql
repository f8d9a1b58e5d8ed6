-- Names no crosswalk knows: counted and shown by what their rows ask, never guessed. Their rows are in no fact, but for
-- models: a model that no crosswalk names goes by the name its label gives, and is counted only. Of benchmark scores the
-- models listed are those that meet no price.
{% set families = ['gpu_rental', 'power_prices', 'colo_rates'] %}
with unmapped as (
    select
        family,
        kind,
        label,
        source_ids,
        row_count,
        price_weight,
        highest_price
    from {{ ref('stg_gpu_rental__unmapped') }}
    union all
    select family, kind, label, source_ids, row_count, null, null from {{ ref('stg_power_prices__unmapped') }}
    union all
    select family, kind, label, source_ids, row_count, null, null from {{ ref('stg_colo_rates__unmapped') }}
    union all
    select
        'token_prices',
        'provider',
        provider,
        string_agg(distinct source_id, ', ' order by source_id),
        count(*),
        cast(sum(cast(price_usd_per_mtok as decimal(38, 9))) as double),
        max(price_usd_per_mtok)
    from {{ ref('stg_token_prices__labelled') }}
    where provider_is_unmapped
    group by provider
    union all
    select
        'token_prices',
        'model',
        'name taken from the label',
        string_agg(distinct source_id, ', ' order by source_id),
        count(*),
        null,
        null
    from {{ ref('stg_token_prices__labelled') }}
    where model_is_unmapped and not provider_is_unmapped
    having count(*) > 0
    union all
    select
        'throughput',
        'gpu',
        gpu_label,
        string_agg(distinct source_id, ', ' order by source_id),
        count(*),
        null,
        null
    from {{ ref('stg_throughput__per_gpu') }}
    where gpu is null
    group by gpu_label
    union all
    select
        'hardware',
        'gpu',
        stated.gpu_label,
        string_agg(distinct stated.source_id, ', ' order by stated.source_id),
        count(*),
        null,
        null
    from {{ ref('stg_hardware__records') }} as stated
    anti join {{ ref('xwalk_hardware_gpu') }} as known on stated.gpu_label = known.gpu_label
    group by stated.gpu_label
    union all
    select
        'benchmark_scores',
        'model',
        model_label,
        string_agg(distinct source_id, ', ' order by source_id),
        count(*),
        null,
        null
    from {{ ref('fct_benchmark_score') }}
    where version_match = 'unpriced'
    group by model_label
    union all
    select
        'benchmark_scores',
        'benchmark',
        benchmark_label,
        string_agg(distinct source_id, ', ' order by source_id),
        count(*),
        null,
        null
    from {{ ref('stg_benchmark_scores__judged') }}
    where benchmark is null
    group by benchmark_label
),

received as (
    {% for family in families %}
        select
            '{{ family }}' as family,
            count(*) as row_count,
            {% if family == 'gpu_rental' %}
                cast(sum(cast(price * coalesce(per_gpu, 1) as decimal(38, 9))) as double)
            {% else %}null{% endif %} as price_weight
        from {{ ref('stg_' ~ family ~ '__labelled') }}
        {% if family != 'colo_rates' %}where left_out is null{% endif %}
        union all
    {% endfor %}
    select
        'token_prices',
        count(*),
        cast(sum(cast(price_usd_per_mtok as decimal(38, 9))) as double)
    from {{ ref('stg_token_prices__labelled') }}
    union all
    select 'throughput', count(*), null from {{ ref('stg_throughput__per_gpu') }}
    union all
    select 'hardware', count(*), null from {{ ref('stg_hardware__records') }}
    union all
    select 'benchmark_scores', count(*), null from {{ ref('stg_benchmark_scores__judged') }}
)

select
    unmapped.family,
    cast(row_number() over (
        partition by unmapped.family
        order by unmapped.price_weight desc nulls last, unmapped.row_count desc, unmapped.kind, unmapped.label
    ) as integer) as priority,
    unmapped.kind,
    unmapped.label,
    cast(unmapped.row_count as bigint) as row_count,
    unmapped.row_count / received.row_count as row_share,
    unmapped.highest_price,
    unmapped.price_weight,
    coalesce(unmapped.price_weight / received.price_weight, unmapped.row_count / received.row_count) as weight_share,
    unmapped.source_ids,
    -- The file in which a row names it.
    'dbt_project/seeds/' || case concat(unmapped.family, '.', unmapped.kind)
        when 'gpu_rental.gpu' then 'xwalk_gpu'
        when 'gpu_rental.provider' then 'xwalk_rental_provider'
        when 'token_prices.provider' then 'xwalk_token_provider'
        when 'token_prices.model' then 'xwalk_model'
        when 'power_prices.zone' then 'xwalk_power_zone'
        when 'colo_rates.market' then 'xwalk_market'
        when 'colo_rates.size' then 'xwalk_size_band'
        when 'benchmark_scores.model' then 'xwalk_benchmark_model'
        when 'benchmark_scores.benchmark' then 'xwalk_benchmark'
        else 'xwalk_hardware_gpu'
    end || '.csv' as crosswalk
from unmapped
inner join received on unmapped.family = received.family
order by unmapped.family, priority
