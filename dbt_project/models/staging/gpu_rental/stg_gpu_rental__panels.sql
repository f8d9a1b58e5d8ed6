-- noqa: disable=AM04
-- Quotes of the panels that are read as indices, under canonical names. USD per GPU-hour.
select
    quoted.*,
    provider.provider,
    quoted.price / case quoted.price_unit when 'usd_per_gpu_hour' then 1 else quoted.gpu_count end
        as price_usd_per_gpu_hour
from {{ records_as_of(source('landing', 'gpu_rental_panel__records')) }} as quoted
left join {{ ref('xwalk_rental_provider') }} as provider on quoted.provider_label = provider.provider_label
