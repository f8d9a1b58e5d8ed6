-- What the marts may assume of a GPU serving a model: the newest measured median, what operators published of their own
-- clusters, and the documents' figures.
with measured as (
    select
        'mlperf_' || lower(scenario) as throughput_profile,
        gpu,
        model,
        round,
        precision,
        output_tokens_per_s_per_gpu,
        output_tokens_per_s_per_gpu_low,
        output_tokens_per_s_per_gpu_high,
        input_tokens_per_s_per_gpu,
        submission_count,
        known_from as valid_from,
        'MLPerf Inference ' || round || ', median of ' || submission_count || ' submissions' as citation,
        observation_ids
    from {{ ref('throughput_median') }}
    qualify row_number() over (
        partition by scenario, gpu, model
        order by known_from desc, submission_count desc, output_tokens_per_s_per_gpu desc, precision
    ) = 1
)

select * from measured
union all by name
select
    case source_id when 'document_throughput' then 'document_' else 'published_' end || scenario as throughput_profile,
    gpu,
    model,
    round,
    precision,
    output_tokens_per_s_per_gpu,
    output_tokens_per_s_per_gpu as output_tokens_per_s_per_gpu_low,
    output_tokens_per_s_per_gpu as output_tokens_per_s_per_gpu_high,
    input_tokens_per_s_per_gpu,
    cast(1 as bigint) as submission_count,
    valid_from,
    citation,
    [observation_id] as observation_ids
from {{ ref('fct_throughput') }}
where source_id in ('document_throughput', 'published_clusters')
