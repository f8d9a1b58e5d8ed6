-- noqa: disable=AM04
-- Providers' pages read daily; a capture is one provider's page. USD per GPU-hour.
-- A run still open when the live tracker takes over ends there: the live rows say whether its price goes on.
select run.* replace (coalesce(run.valid_to, handover.live_from) as valid_to)
from {{ runs_as_of(source('landing', 'gpu_rates_gpurentalprices')) }} as run
left join {{ ref('stg_gpu_rental__gpurentalprices_handover') }} as handover on run.provider_label = handover.capture_group
