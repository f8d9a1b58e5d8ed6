-- noqa: disable=AM04
-- Quotes of the panels that are read as indices, under canonical names. USD per GPU-hour.
with quoted as (
    {% for source_id in ['gpu_panel_gcp_h100_spot', 'gpu_panel_h100_sxm_on_demand'] %}
        select * from {{ records_as_of(source_id) }}
        {% if not loop.last %}union all by name{% endif %}
    {% endfor %}
)

select
    quoted.*,
    provider.provider,
    quoted.price / case quoted.price_unit when 'usd_per_gpu_hour' then 1 else quoted.gpu_count end
        as price_usd_per_gpu_hour
from quoted
left join {{ ref('xwalk_rental_provider') }} as provider on quoted.provider_label = provider.provider_label
