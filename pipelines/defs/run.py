"""The refresh job in this process, for the terminal. Quiet: what a person sees comes from pipelines/home/progress.py.

Not here: the lock, recognising an unchanged re-run, the run log (pipelines/defs/refresh.py).
"""

import gc
import warnings

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from pipelines.defs.failures import describe
from pipelines.defs.instance import keep
from pipelines.defs.resource import REFRESH, given
from pipelines.home.build import Build
from pipelines.home.progress import report
from pipelines.mart_kit.schema import MartError
from pipelines.warehouse.transform import TransformError
from sources.errors import SourceError


def run_refresh(build: Build) -> str | None:
    """Run the whole graph for one build. None when a release was published, else what failed and what to do.

    The run is kept in the home's Dagster instance, where `make dagster` shows it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Dagster's notes about its own beta parts; nothing a reader could act on
        try:
            from pipelines.defs.definitions import defs
        except (SourceError, TransformError, MartError) as error:
            return f"the graph cannot be laid out: {error}"
        gc.freeze()  # imported modules stay: not looking at them again saves a twentieth of the run
        job = defs.resolve_job_def(REFRESH)
        with dg.DagsterInstance.ephemeral() as instance:
            with given(build):
                result = job.execute_in_process(instance=instance, run_config=_config(build), raise_on_error=False)
            try:
                keep(instance, result.run_id, build.home)
            except (OSError, SQLAlchemyError, dg.DagsterError) as error:  # the release is there all the same
                report("dagster", f"the run is not in Dagster's pages: {error}")
    if result.success:
        return None
    return describe(result.all_events, build.home) or "the run failed without saying why; run `make dagster` to look."


def _config(build: Build) -> dict[str, object]:
    """What the launchpad would show: the run's own page then says what was asked."""
    settings = {
        "live": build.mode == "live",
        "as_of": build.as_of.isoformat() if build.as_of else "",
        "only": list(build.only or ()),
    }
    return {
        "resources": {"build": {"config": {k: v for k, v in settings.items() if v}}},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }
