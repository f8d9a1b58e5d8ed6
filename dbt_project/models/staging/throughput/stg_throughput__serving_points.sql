-- noqa: disable=AM04
-- Points of serving known by the as-of day. A model whose label names a family and no member has no canonical name.
select
    point.*,
    gpu.gpu,
    known.model
from {{ records_as_of(source('landing', 'throughput_serving_point__records')) }} as point
left join {{ ref('xwalk_hardware_gpu') }} as gpu on point.gpu_label = gpu.gpu_label
left join {{ ref('xwalk_throughput_model') }} as known on point.model_label = known.model_label
