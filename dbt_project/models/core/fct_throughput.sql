with peaks as (
    -- Where only 16 bit is stated, 8 bit counts as twice: the gate must reject what is impossible, not what is unstated.
    select
        gpu,
        greatest(2 * peak_bf16_flop_s, peak_fp8_flop_s, peak_fp4_flop_s) as peak_flop_s
    from {{ ref('dim_gpu') }}
)

select
    t.observation_id,
    t.source_id,
    t.round,
    t.submission_label as submission_id,
    t.gpu,
    t.form_factor,
    t.model,
    t.model_label as benchmark_model,
    t.precision,
    t.scenario,
    t.accelerator_count,
    t.output_tokens_per_s_per_gpu,
    t.input_tokens_per_s_per_gpu,
    t.wall_power_w,
    t.valid_from,
    t.valid_to,
    t.known_from,
    cast(null as date) as known_to,
    t.known_basis,
    t.last_observed,
    cast(t.observation_count as bigint) as observation_count,
    t.grade,
    t.citation
from {{ ref('stg_throughput__per_gpu') }} as t
left join peaks on t.gpu = peaks.gpu
-- Where nobody states the peak of the GPU or the size of the model there is nothing to hold the figure against.
where t.gpu is not null and not coalesce(t.needed_flop_s > peaks.peak_flop_s, false)
