-- One figure per GPU and attribute: the better grade speaks, among equals the later one, then the later source name.
with unioned as (
    select * from {{ ref('stg_hardware__epoch_hardware') }}
    union all
    select * from {{ ref('stg_hardware__inferencex_hardware') }}
    union all
    select * from {{ ref('stg_hardware__hardware_facts') }}
),

chosen as (
    select x.gpu, x.vendor, x.form_factor, u.attribute, u.value, u.value_low, u.value_high, u.citation
    from unioned as u
    inner join {{ ref('xwalk_hardware_gpu') }} as x on u.gpu_label = x.gpu_label
    qualify row_number() over (
        partition by x.gpu, u.attribute order by u.grade, u.known_from desc, u.source_id desc, u.gpu_label
    ) = 1
)

select
    gpu,
    min(vendor) as vendor,
    min(form_factor) as form_factor,
    max(value) filter (attribute = 'memory_gb') as memory_gb,
    max(value) filter (attribute = 'memory_bandwidth_gb_s') as memory_bandwidth_gb_s,
    max(value) filter (attribute = 'tdp_w') as tdp_w,
    max(value) filter (attribute = 'server_w_per_gpu') as server_w_per_gpu,
    max(value_low) filter (attribute = 'server_w_per_gpu') as server_w_per_gpu_low,
    max(value_high) filter (attribute = 'server_w_per_gpu') as server_w_per_gpu_high,
    max(value) filter (attribute = 'all_in_w_per_gpu') as all_in_w_per_gpu,
    max(value) filter (attribute = 'peak_bf16_flop_s') as peak_bf16_flop_s,
    max(value) filter (attribute = 'peak_fp8_flop_s') as peak_fp8_flop_s,
    max(value) filter (attribute = 'peak_fp4_flop_s') as peak_fp4_flop_s,
    max(value) filter (attribute = 'purchase_price_usd') as purchase_price_usd,
    max(value_low) filter (attribute = 'purchase_price_usd') as purchase_price_usd_low,
    max(value_high) filter (attribute = 'purchase_price_usd') as purchase_price_usd_high,
    string_agg(attribute || ': ' || citation, '; ' order by attribute) as citations
from chosen
group by gpu
