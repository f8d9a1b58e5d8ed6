-- Scores that nothing speaks against. A version keeps its release day as its publisher states it.
select
    observation_id,
    source_id,
    model,
    model_label,
    variant,
    version_match,
    benchmark,
    setting,
    scored_by,
    is_self_reported,
    scored_on,
    scored_on_basis,
    score,
    score_unit,
    score_stderr,
    cast(test_cases as bigint) as test_cases,
    run_cost_usd,
    run_cost_usd_per_task,
    run_cost_basis,
    price_usd_per_mtok,
    release_date,
    {{ observed() }}
from {{ ref('stg_benchmark_scores__judged') }}
where rejection is null
order by benchmark, source_id, model, model_label, scored_on, observation_id
