"""The refresh job over the whole graph, and the schedule that runs it live every night.

Not here: assets, or the terminal's way to run the job (run.py).
"""

import dagster as dg

from pipelines.defs.resource import REFRESH

refresh = dg.define_asset_job(
    REFRESH,
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="From publishers to one published release. Offline unless `live` is set.",
)

# 03:30 UTC: after the day's closing captures of the trackers, before a European working day.
nightly = dg.ScheduleDefinition(
    name="nightly",
    job=refresh,
    cron_schedule="30 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    run_config={"resources": {"build": {"config": {"live": True}}}},
    description="Every night at 03:30 UTC, live: asks the publishers and publishes a release.",
)
