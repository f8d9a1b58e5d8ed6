-- Per GPU, with canonical names, and what it takes: generating or reading a token takes at least two operations per
-- active parameter, so tokens/s * 2 * active parameters cannot exceed the GPU's peak (judged where peaks are known).
select
    u.observation_id,
    u.source_id,
    u.round,
    u.submission_label,
    g.gpu,
    g.form_factor,
    coalesce(m.model, u.model_label) as model,
    u.model_label,
    u.gpu_label,
    lower(u.precision) as precision,
    u.scenario,
    u.accelerator_count,
    u.output_tokens_per_s / u.accelerator_count as output_tokens_per_s_per_gpu,
    u.input_tokens_per_s / u.accelerator_count as input_tokens_per_s_per_gpu,
    u.wall_power_w / u.accelerator_count as wall_power_w_per_gpu,
    u.wall_power_w,
    u.valid_from,
    u.valid_to,
    u.known_from,
    u.known_basis,
    u.last_observed,
    u.observation_count,
    u.grade,
    u.citation,
    u.payload_sha256,
    u.row_number,
    -- Each alone, not their sum: a source may time input and output apart, as document 000 does.
    greatest(u.output_tokens_per_s, u.input_tokens_per_s) / u.accelerator_count
    * 2 * f.active_parameters_b * 1e9 as needed_flop_s
from {{ ref('stg_throughput__records') }} as u
left join {{ ref('xwalk_hardware_gpu') }} as g on u.gpu_label = g.gpu_label
left join {{ ref('xwalk_throughput_model') }} as m on u.model_label = m.model_label
left join {{ ref('model_fact') }} as f on m.model = f.model
