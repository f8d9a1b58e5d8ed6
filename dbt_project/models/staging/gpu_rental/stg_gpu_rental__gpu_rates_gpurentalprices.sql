-- noqa: disable=AM04
-- Providers' pages read daily; a capture is one provider's page. USD per GPU-hour.
select
    run.*,
    run.provider_label as capture_group
from {{ runs_as_of('gpu_rates_gpurentalprices', "run.provider_label") }} as run
