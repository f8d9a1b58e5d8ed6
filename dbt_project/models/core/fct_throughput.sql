-- Throughputs a GPU of the kind can reach.
select
    observation_id,
    source_id,
    round,
    submission_label as submission_id,
    gpu,
    form_factor,
    model,
    model_label as benchmark_model,
    precision,
    scenario,
    accelerator_count,
    output_tokens_per_s_per_gpu,
    input_tokens_per_s_per_gpu,
    wall_power_w,
    {{ observed() }}
from ({{ throughput_judged() }}) as judged
where rejection is null
