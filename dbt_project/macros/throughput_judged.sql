{#
  Each throughput beside what its GPU can compute at most: `rejection` says why it is kept out, null where nothing does.
  Where nobody states the peak of the GPU or the size of the model there is nothing to hold the figure against. Where
  only 16 bit is stated, 8 bit counts as twice: the gate must reject what is impossible, not what is unstated.
#}
{% macro throughput_judged() -%}
select
    stated.*,
    peaks.peak_flop_s,
    case
        when stated.gpu is null then 'accelerator is in no crosswalk'
        when stated.needed_flop_s > peaks.peak_flop_s
            then
                'roofline: needs ' || round(stated.needed_flop_s / peaks.peak_flop_s, 1)
                || ' times the peak FLOP/s of the GPU'
    end as rejection
from {{ ref('stg_throughput__per_gpu') }} as stated
left join (
    select
        gpu,
        greatest(2 * peak_bf16_flop_s, peak_fp8_flop_s, peak_fp4_flop_s) as peak_flop_s
    from {{ ref('dim_gpu') }}
) as peaks on stated.gpu = peaks.gpu
{%- endmacro %}
