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
    stated.valid_from,
    stated.valid_to,
    stated.known_from,
    cast(null as date) as known_to,
    stated.known_basis,
    stated.last_observed,
    cast(stated.observation_count as bigint) as observation_count,
    stated.grade,
    stated.citation,
    stated.note,
    stated.payload_sha256,
    stated.row_number
from {{ ref('stg_usage__records') }} as stated
left join {{ ref('xwalk_hardware_gpu') }} as crosswalk on stated.gpu_label = crosswalk.gpu_label
order by stated.measure, stated.subject, stated.observation_id
