-- Scores that met their contract and still contradict another row or the benchmark itself; they are in no fact.
select
    observation_id,
    source_id,
    rejection,
    benchmark_label,
    model_label,
    setting,
    scored_by,
    scored_on,
    score,
    score_unit,
    test_cases,
    citation
from {{ ref('stg_benchmark_scores__judged') }}
where rejection is not null
order by rejection, source_id, benchmark_label, model_label, observation_id
