-- One figure per GPU and attribute: the better grade speaks, among equals the later one, then the later source name.
with released as (
    -- Epoch dates a chip's specification by its release: the earliest of a chip's rows.
    select x.gpu, min(e.valid_from) as release_date
    from {{ ref('stg_hardware__records') }} as e
    inner join {{ ref('xwalk_hardware_gpu') }} as x on e.gpu_label = x.gpu_label
    where e.source_id = 'epoch_hardware'
    group by x.gpu
),

chosen as (
    select
        gpu,
        attribute,
        value,
        value_low,
        value_high,
        citation,
        observation_id
    from {{ ref('fct_hardware') }}
    qualify row_number() over (
        partition by gpu, attribute order by grade, known_from desc, source_id desc, gpu_label
    ) = 1
),

-- Every GPU any source names, so that no fact lacks its dimension.
named as (
    select distinct
        coalesce(h.gpu, r.gpu) as gpu,
        h.vendor,
        coalesce(h.form_factor, r.form_factor) as form_factor
    from {{ ref('xwalk_hardware_gpu') }} as h
    full outer join (select gpu, min(form_factor) as form_factor from {{ ref('xwalk_gpu') }} group by gpu) as r
        on h.gpu = r.gpu
)

select
    g.gpu,
    regexp_replace(g.gpu, ' (SXM|PCIe|NVL|NVL72|\(unspecified\)|[0-9]+GB)$', '') as gpu_family,
    min(g.vendor) as vendor,
    min(g.form_factor) as form_factor,
    min(released.release_date) as release_date,
    cast(max(chosen.value) filter (chosen.attribute = 'gpus_per_server') as bigint) as gpus_per_server,
    max(chosen.value) filter (chosen.attribute = 'memory_gb') as memory_gb,
    max(chosen.value) filter (chosen.attribute = 'memory_bandwidth_gb_s') as memory_bandwidth_gb_s,
    max(chosen.value) filter (chosen.attribute = 'tdp_w') as tdp_w,
    max(chosen.value) filter (chosen.attribute = 'server_w_per_gpu') as server_w_per_gpu,
    max(chosen.value_low) filter (chosen.attribute = 'server_w_per_gpu') as server_w_per_gpu_low,
    max(chosen.value_high) filter (chosen.attribute = 'server_w_per_gpu') as server_w_per_gpu_high,
    max(chosen.value) filter (chosen.attribute = 'all_in_w_per_gpu') as all_in_w_per_gpu,
    max(chosen.value) filter (chosen.attribute = 'peak_bf16_flop_s') as peak_bf16_flop_s,
    max(chosen.value) filter (chosen.attribute = 'peak_fp8_flop_s') as peak_fp8_flop_s,
    max(chosen.value) filter (chosen.attribute = 'peak_fp4_flop_s') as peak_fp4_flop_s,
    max(chosen.value) filter (chosen.attribute = 'purchase_price_usd') as purchase_price_usd,
    max(chosen.value_low) filter (chosen.attribute = 'purchase_price_usd') as purchase_price_usd_low,
    max(chosen.value_high) filter (chosen.attribute = 'purchase_price_usd') as purchase_price_usd_high,
    string_agg(chosen.attribute || ': ' || chosen.citation, '; ' order by chosen.attribute) as citations,
    list(chosen.observation_id order by chosen.attribute) filter (where chosen.observation_id is not null) as observation_ids
from named as g
left join chosen on g.gpu = chosen.gpu
left join released on g.gpu = released.gpu
group by g.gpu
