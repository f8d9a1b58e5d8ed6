-- noqa: disable=AM04
-- The hand-kept comparison table; a capture is the whole table. USD per instance-hour.
select
    run.*,
    'all' as capture_group
from {{ runs_as_of('gpu_rates_fsdl', "'all'") }} as run
