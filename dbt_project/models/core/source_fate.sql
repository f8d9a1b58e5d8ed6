-- What became of every accepted row, by source: in which facts it stands, or which rule keeps it out of them. Each family
-- says it of its staged rows (`landed_rows` counts the landed rows one was folded from), and a row counts as a fact only
-- where its observation stands in the fact table itself. Nothing here is a remainder: what is lost on the way shows as
-- the difference of core.source_account.
with staged as (
    select
        row.source_id,
        row.landed_rows,
        fact.observation_id is not null as is_fact,
        case
            when row.left_out is not null then {{ fate('left_out', 'row.left_out') }}
            when row.provider is null then {{ fate('unmapped', "'provider_in_no_crosswalk'") }}
            when not row.is_gpu_label_known then {{ fate('unmapped', "'gpu_in_no_crosswalk'") }}
            when judged.rejection is not null then {{ fate('quarantined', 'judged.rejection') }}
        end as kept_out
    from {{ ref('stg_gpu_rental__labelled') }} as row
    left join {{ ref('stg_gpu_rental__judged') }} as judged on row.observation_id = judged.observation_id
    left join {{ ref('fct_gpu_rental_rate') }} as fact on row.observation_id = fact.observation_id
    union all
    select
        row.source_id,
        1,
        fact.observation_id is not null,
        case when row.provider is null then {{ fate('unmapped', "'provider_in_no_crosswalk'") }} end
    from {{ ref('stg_gpu_rental__panels') }} as row
    left join {{ ref('fct_gpu_rental_panel') }} as fact on row.observation_id = fact.observation_id
    {% for staged, table in [
        ('stg_gpu_rental__published', 'fct_gpu_rental_index'),
        ('stg_throughput__serving_points', 'fct_serving_point'),
    ] %}
        union all
        select
            row.source_id,
            1,
            fact.observation_id is not null,
            case when row.gpu is null then {{ fate('unmapped', "'gpu_in_no_crosswalk'") }} end
        from {{ ref(staged) }} as row
        left join {{ ref(table) }} as fact on row.observation_id = fact.observation_id
    {% endfor %}
    union all
    select
        row.source_id,
        row.landed_rows,
        fact.observation_id is not null,
        case
            when row.doubt is not null then {{ fate('quarantined', 'row.doubt') }}
            when row.provider_is_unmapped then {{ fate('unmapped', "'provider_in_no_crosswalk'") }}
        end
    from {{ ref('stg_token_prices__judged') }} as row
    left join {{ ref('fct_token_price') }} as fact on row.observation_id = fact.observation_id
    union all
    select
        row.source_id,
        coalesce(row.landed_rows, 1),
        fact.observation_id is not null,
        case
            when row.left_out is not null then {{ fate('left_out', 'row.left_out') }}
            when row.zone is null then {{ fate('unmapped', "'zone_in_no_crosswalk'") }}
            when row.rejection is not null then {{ fate('quarantined', 'row.rejection') }}
        end
    from {{ ref('stg_power_prices__labelled') }} as row
    left join {{ ref('fct_power_price') }} as fact on row.observation_id = fact.observation_id
    union all
    select
        row.source_id,
        row.landed_rows,
        fact.observation_id is not null,
        case
            when row.left_out is not null then {{ fate('left_out', 'row.left_out') }}
            when row.zone is null then {{ fate('unmapped', "'zone_in_no_crosswalk'") }}
        end
    from {{ ref('stg_power_prices__intervals') }} as row
    left join {{ ref('power_interval_price') }} as fact on row.observation_id = fact.observation_id
    union all
    select
        row.source_id,
        coalesce(row.landed_rows, 1),
        fact.observation_id is not null,
        case
            when row.rejection is not null then {{ fate('quarantined', 'row.rejection') }}
            when row.price_unit <> 'usd_per_kw_month' then {{ fate('left_out', "'a_change_is_no_level'") }}
            when row.market is null then {{ fate('unmapped', "'market_in_no_crosswalk'") }}
            when row.size_band is null then {{ fate('unmapped', "'size_in_no_crosswalk'") }}
        end
    from {{ ref('stg_colo_rates__labelled') }} as row
    left join {{ ref('fct_colo_rate') }} as fact on row.observation_id = fact.observation_id
    union all
    select
        row.source_id,
        1,
        fact.observation_id is not null,
        case
            when row.gpu is null then {{ fate('unmapped', "'gpu_in_no_crosswalk'") }}
            when row.rejection is not null then {{ fate('quarantined', "'roofline'") }}
        end
    from ({{ throughput_judged() }}) as row
    left join {{ ref('fct_throughput') }} as fact on row.observation_id = fact.observation_id
    union all
    select
        row.source_id,
        1,
        fact.observation_id is not null,
        case when known.gpu_label is null then {{ fate('unmapped', "'gpu_in_no_crosswalk'") }} end
    from {{ ref('stg_hardware__records') }} as row
    left join {{ ref('xwalk_hardware_gpu') }} as known on row.gpu_label = known.gpu_label
    left join {{ ref('fct_hardware') }} as fact on row.observation_id = fact.observation_id
    {% for staged, table in [('stg_usage__records', 'fct_utilisation'), ('stg_usage__tokens', 'fct_token_usage')] %}
        union all
        select
            row.source_id,
            1,
            fact.observation_id is not null,
            cast(null as struct(fate varchar, rule varchar))
        from {{ ref(staged) }} as row
        left join {{ ref(table) }} as fact on row.observation_id = fact.observation_id
    {% endfor %}
    union all
    select
        row.source_id,
        1,
        fact.observation_id is not null,
        case
            when row.benchmark is null then {{ fate('unmapped', 'row.rejection') }}
            when row.rejection is not null then {{ fate('quarantined', 'row.rejection') }}
        end
    from {{ ref('stg_benchmark_scores__judged') }} as row
    left join {{ ref('fct_benchmark_score') }} as fact on row.observation_id = fact.observation_id
    {% for staged, table in [
        ('stg_assumptions__assumptions', 'assumption'),
        ('stg_claims__claims', 'claim'),
        ('stg_claims__bindings', 'claim_binding'),
        ('stg_claims__inconsistencies', 'inconsistency'),
        ('stg_claims__inconsistency_operands', 'inconsistency_operand'),
    ] %}
        union all
        select
            row.source_id,
            1,
            table_row.observation_id is not null,
            case
                when row.known_from > {{ as_of() }} then {{ fate('left_out', "'of_a_document_not_yet_known'") }}
            end
        from {{ ref(staged) }} as row
        left join {{ ref(table) }} as table_row on row.observation_id = table_row.observation_id
    {% endfor %}
    {% for staged, rule in [
        ('stg_token_prices__model_statements', 'describes_models_of_dim_model'),
        ('stg_benchmark_scores__model_versions', 'describes_models_of_dim_model'),
        ('stg_power_prices__fx_rates', 'converts_prices_of_fct_power_price'),
    ] %}
        union all
        select source_id, 1, false, {{ fate('reference', "'" ~ rule ~ "'") }} from {{ ref(staged) }}
    {% endfor %}
),

-- A row that came back after others made several staged rows; its landed rows stand with the first of them.
fates as (
    select
        source_id,
        case
            when not is_fact then kept_out.fate
            when part = 'first' then 'in_facts'
            else 'folded'
        end as fate,
        case
            when not is_fact then kept_out.rule
            when part = 'first' then 'stands_in_a_fact'
            else 'the_same_figure_seen_again'
        end as rule,
        case part when 'first' then least(landed_rows, 1) else greatest(landed_rows - 1, 0) end as row_count
    from (
        select
            staged.*,
            unnest(['first', 'more']) as part
        from staged
    )
    where is_fact or kept_out is not null
),

-- What never came to staging, or counts looks.
before_staging as (
    select
        source_id,
        case when shape = 'captures' then 'calendar' else 'left_out' end as fate,
        case when shape = 'captures' then 'counts_looks_of_a_history' else 'replaced_the_same_day' end as rule,
        row_count
    from {{ ref('stg_landing__portions') }}
    -- Of two looks on one day the later one counts; intervals say so of their rows in staging.
    where shape = 'captures' or (is_shown and not has_counted and family <> 'power_prices')
    {% for family in ['gpu_rental', 'token_prices', 'power_prices', 'colo_rates'] %}
        union all
        -- Of two loaded files that show a group on one day the later one counts.
        select
            source_id,
            'left_out',
            'replaced_the_same_day',
            count(*)
        from (
            select
                source_id,
                position < max(position) over (partition by source_id, capture_group, valid_from) as is_replaced
            from {{ source('landing', 'loaded_' ~ family) }}
            where shape = 'snapshots' and known_from <= {{ as_of() }} and valid_from <= {{ as_of() }}
        )
        where is_replaced
        group by source_id
    {% endfor %}
)

select
    source_id,
    fate,
    rule,
    cast(sum(row_count) as bigint) as row_count
from (
    select * from fates
    union all by name
    select * from before_staging
)
group by source_id, fate, rule
having sum(row_count) > 0
order by source_id, fate, rule
