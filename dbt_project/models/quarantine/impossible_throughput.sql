-- Throughputs no GPU of that kind can reach, and systems whose accelerator is in no crosswalk.
with peaks as (
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
    t.gpu_label,
    t.model_label,
    t.scenario,
    t.output_tokens_per_s_per_gpu,
    t.input_tokens_per_s_per_gpu,
    t.needed_flop_s,
    peaks.peak_flop_s,
    case
        when t.gpu is null then 'accelerator is in no crosswalk'
        else 'roofline: needs ' || round(t.needed_flop_s / peaks.peak_flop_s, 1) || ' times the peak FLOP/s of the GPU'
    end as reason,
    t.citation
from {{ ref('stg_throughput__per_gpu') }} as t
left join peaks on t.gpu = peaks.gpu
where t.gpu is null or coalesce(t.needed_flop_s > peaks.peak_flop_s, false)
