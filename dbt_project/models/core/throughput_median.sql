-- Submitters tune the same machine differently: the median over submissions is what a buyer may expect. A submission
-- that reports one machine under two accuracy targets counts once, by the median of its own results.
with submissions as (
    select
        round,
        gpu,
        model,
        scenario,
        precision,
        submission_id,
        count(*) as result_count,
        median(output_tokens_per_s_per_gpu) as output_tokens_per_s_per_gpu,
        median(input_tokens_per_s_per_gpu) as input_tokens_per_s_per_gpu,
        median(wall_power_w / accelerator_count) as wall_power_w_per_gpu,
        min(known_from) as known_from,
        list(observation_id) as observation_ids
    from {{ ref('fct_throughput') }}
    where source_id = 'mlperf_inference'
    group by round, gpu, model, scenario, precision, submission_id
)

select
    round,
    gpu,
    model,
    scenario,
    precision,
    cast(sum(result_count) as bigint) as result_count,
    cast(count(*) as bigint) as submission_count,
    median(output_tokens_per_s_per_gpu) as output_tokens_per_s_per_gpu,
    min(output_tokens_per_s_per_gpu) as output_tokens_per_s_per_gpu_low,
    max(output_tokens_per_s_per_gpu) as output_tokens_per_s_per_gpu_high,
    median(input_tokens_per_s_per_gpu) as input_tokens_per_s_per_gpu,
    median(wall_power_w_per_gpu) as wall_power_w_per_gpu,
    min(known_from) as known_from,
    list_sort(flatten(list(observation_ids))) as observation_ids
from submissions
group by round, gpu, model, scenario, precision
