-- noqa: disable=AM04
-- Amazon accelerator instances. USD per instance-hour.
select
    run.*,
    run.region_label as capture_group
from {{ runs_as_of('gpu_rates_karpenter_aws', "run.region_label") }} as run
