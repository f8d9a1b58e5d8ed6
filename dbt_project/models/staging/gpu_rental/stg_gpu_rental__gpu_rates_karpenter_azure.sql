-- noqa: disable=AM04
-- Azure N-series instances in three regions. USD per instance-hour.
select
    run.*,
    run.region_label as capture_group
from {{ runs_as_of('gpu_rates_karpenter_azure', "run.region_label") }} as run
