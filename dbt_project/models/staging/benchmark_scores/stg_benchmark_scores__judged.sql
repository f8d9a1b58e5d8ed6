{{ config(materialized='table') }}
-- Every score in one shape, in percent, Elo or index points, under canonical names; `rejection` says why it is kept out,
-- null where nothing does. A version is joined to the prices of a name only where a crosswalk, a rule or the label itself
-- says that it is the same; all others keep their label's name and meet no price.
with named as (
    select
        *,
        {{ benchmark_version('model_label') }} as version_name,
        {{ benchmark_effort('model_label') }} as effort,
        case when score_unit = 'fraction' then 100 else 1 end as scale,
        count(distinct score) over same_run as score_count,
        row_number() over (same_run order by observation_id) as copy_number
    from {{ ref('stg_benchmark_scores__records') }}
    window same_run as (
        partition by
            source_id, benchmark_label, model_label, setting, scored_by, scored_on, release_date, price_usd_per_mtok, valid_to
    )
),

makers as (
    select
        model_label,
        any_value(organisation) as organisation
    from {{ records_as_of(source('landing', 'benchmark_scores_model_version__records')) }}
    where valid_to is null
    group by model_label
),

-- When a version came out, for boards that state no day.
released as (
    select
        {{ benchmark_version('model_label') }} as version_name,
        min(release_date) as release_date
    from {{ records_as_of(source('landing', 'benchmark_scores_model_version__records')) }}
    where valid_to is null
    group by version_name
),

priced as (
    select distinct model from {{ ref('stg_token_prices__judged') }}
    where doubt is null and not provider_is_unmapped
)

select
    named.observation_id,
    named.source_id,
    coalesce(own.model, any_own.model, sold.model) as model,
    named.model_label,
    coalesce(own.variant, any_own.variant, named.effort) as variant,
    case
        when priced.model is null then 'unpriced'
        else coalesce(own.version, any_own.version, 'only')
    end as version_match,
    benchmark.benchmark,
    named.benchmark_label,
    named.setting,
    named.scored_by,
    case
        when scorer.scored_by is null then null
        when scorer.organisation is null then false
        when makers.organisation is not null
            then list_contains(string_split(makers.organisation, ','), scorer.organisation)
    end as is_self_reported,
    named.scored_on,
    named.scored_on_basis,
    round(named.score * named.scale, 10) as score,
    case named.score_unit when 'fraction' then 'pct' else named.score_unit end as score_unit,
    round(named.score_stderr * named.scale, 10) as score_stderr,
    coalesce(named.test_cases, benchmark.task_count) as test_cases,
    -- Aider writes zero where no cost was measured.
    nullif(named.run_cost, 0)
    * case named.run_cost_basis when 'task' then coalesce(named.test_cases, benchmark.task_count) else 1 end
        as run_cost_usd,
    nullif(named.run_cost, 0)
    / case named.run_cost_basis when 'run' then coalesce(named.test_cases, benchmark.task_count) else 1 end
        as run_cost_usd_per_task,
    case when named.run_cost > 0 then named.run_cost_basis end as run_cost_basis,
    named.price_usd_per_mtok,
    coalesce(own.release_date, any_own.release_date, named.release_date, released.release_date) as release_date,
    coalesce(
        own.release_date,
        any_own.release_date,
        case when named.release_date is null then released.release_date end,
        named.valid_from
    ) as valid_from,
    named.valid_to,
    named.known_from,
    named.known_basis,
    named.last_observed,
    named.observation_count,
    named.grade,
    named.citation,
    named.payload_sha256,
    named.row_number,
    case
        when benchmark.benchmark is null then 'benchmark_in_no_crosswalk'
        when named.score_count > 1 then 'two_scores_at_once'
        when named.copy_number > 1 then 'repeats_a_row'
        when named.test_cases > benchmark.task_count then 'more_tasks_than_the_benchmark_has'
    end as rejection
from named
left join {{ ref('xwalk_benchmark') }} as known
    on named.source_id = known.source_id and named.benchmark_label = known.benchmark_label
left join {{ ref('benchmark') }} as benchmark on known.benchmark = benchmark.benchmark
left join {{ ref('benchmark_scorer') }} as scorer on named.scored_by = scorer.scored_by
left join makers on named.model_label = makers.model_label
left join released on named.version_name = released.version_name
left join {{ ref('xwalk_benchmark_model') }} as own
    on named.version_name = own.model_label and named.source_id = own.source_id
left join {{ ref('xwalk_benchmark_model') }} as any_own
    on named.version_name = any_own.model_label and any_own.source_id is null
inner join {{ sold_versions('named') }} as sold on named.version_name = sold.version_name
left join priced on coalesce(own.model, any_own.model, sold.model) = priced.model
