-- Throughputs no GPU of that kind can reach, and systems whose accelerator is in no crosswalk.
select
    observation_id,
    source_id,
    round,
    submission_label as submission_id,
    gpu_label,
    model_label,
    scenario,
    output_tokens_per_s_per_gpu,
    input_tokens_per_s_per_gpu,
    needed_flop_s,
    peak_flop_s,
    rejection as reason,
    citation
from ({{ throughput_judged() }}) as judged
where rejection is not null
