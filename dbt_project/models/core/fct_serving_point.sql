-- How fast one configuration serves one model at one load. Throughput is of input and output tokens; each side's share
-- follows from the lengths. In no mart's figure yet.
select
    observation_id,
    source_id,
    gpu,
    gpu_label,
    model,
    model_label,
    configuration,
    engine,
    precision,
    speculation,
    is_disaggregated,
    cast(gpu_count as bigint) as gpu_count,
    cast(input_tokens as bigint) as input_tokens,
    cast(output_tokens as bigint) as output_tokens,
    cast(concurrency as bigint) as concurrency,
    cast(tokens_per_s_per_gpu as double) as tokens_per_s_per_gpu,
    cast(tokens_per_s_per_gpu * output_tokens / (input_tokens + output_tokens) as double)
        as output_tokens_per_s_per_gpu,
    cast(1 / seconds_per_output_token as double) as tokens_per_s_per_user,
    cast(joules_per_output_token as double) as joules_per_output_token,
    {{ observed() }}
from {{ ref('stg_throughput__serving_points') }}
where gpu is not null
order by model_label, gpu, observation_id
