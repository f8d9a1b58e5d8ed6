-- What sources say of a chip and its server, GPUs by our names. dim_gpu takes one figure per attribute from here.
select
    stated.observation_id,
    stated.source_id,
    crosswalk.gpu,
    stated.gpu_label,
    stated.attribute,
    stated.value,
    stated.value_low,
    stated.value_high,
    stated.unit,
    {{ observed('stated.') }}
from {{ ref('stg_hardware__records') }} as stated
inner join {{ ref('xwalk_hardware_gpu') }} as crosswalk on stated.gpu_label = crosswalk.gpu_label
order by crosswalk.gpu, stated.attribute, stated.observation_id
