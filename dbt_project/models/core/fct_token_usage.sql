-- Tokens of a model used through a platform in a period: what people weigh prices with, in no figure yet.
select
    observation_id,
    source_id,
    platform_label as platform,
    model,
    model_label,
    route,
    cast(input_tokens as double) as input_tokens,
    cast(cached_input_tokens as double) as cached_input_tokens,
    cast(output_tokens as double) as output_tokens,
    cast(reasoning_tokens as double) as reasoning_tokens,
    cast(request_count as double) as request_count,
    {{ observed() }}
from {{ ref('stg_usage__tokens') }}
order by valid_from, platform, model, observation_id
