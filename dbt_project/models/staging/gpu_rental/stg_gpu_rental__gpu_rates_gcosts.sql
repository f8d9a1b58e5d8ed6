-- noqa: disable=AM04
-- Google Cloud machines in three regions. USD per instance-hour.
select
    run.*,
    run.region_label as capture_group
from {{ runs_as_of('gpu_rates_gcosts', "run.region_label") }} as run
