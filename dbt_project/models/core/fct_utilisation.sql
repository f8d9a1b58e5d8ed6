-- How busy somebody's machines were, or what they were asked: evidence beside the assumption `utilisation`, in no figure.
select
    stated.observation_id,
    stated.source_id,
    stated.measure,
    stated.subject,
    crosswalk.gpu,
    stated.gpu_label,
    stated.value,
    stated.unit,
    {{ observed('stated.', note=true) }}
from {{ ref('stg_usage__records') }} as stated
left join {{ ref('xwalk_hardware_gpu') }} as crosswalk on stated.gpu_label = crosswalk.gpu_label
order by stated.measure, stated.subject, stated.observation_id
