"""The refresh job in this process, for the terminal. Quiet: what a person sees comes from pipelines.progress.

Not here: the lock, recognising an unchanged re-run, the run log (pipelines/defs/refresh.py).
"""

import gc
import os
import warnings

import dagster as dg

from pipelines.defs.failures import describe
from pipelines.defs.resource import REFRESH
from pipelines.home.build import Build
from pipelines.mart_kit.schema import MartError
from pipelines.warehouse.transform import TransformError
from sources.errors import SourceError


def run_refresh(build: Build) -> str | None:
    """Run the whole graph for one build. None when a release was published, else what failed and what to do.

    With DAGSTER_HOME set, the run is kept there and can be looked at in `dagster dev`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Dagster's notes about its own beta parts; nothing a reader could act on
        try:
            from pipelines.defs.definitions import defs
        except (SourceError, TransformError, MartError) as error:
            return f"the graph cannot be laid out: {error}"
        gc.freeze()  # imported modules stay: not looking at them again saves a twentieth of the run
        job = defs.resolve_job_def(REFRESH)
        with dg.DagsterInstance.get() if os.environ.get("DAGSTER_HOME") else dg.DagsterInstance.ephemeral() as instance:
            result = job.execute_in_process(instance=instance, run_config=_config(build), raise_on_error=False)
    if result.success:
        return None
    return describe(result.all_events, build.home) or "the run failed without saying why; run `dagster dev` to look."


def _config(build: Build) -> dict[str, object]:
    settings = {
        "mode": build.mode,
        "as_of": build.as_of.isoformat() if build.as_of else None,
        "only": list(build.only or ()),
        "home": str(build.home.root),
        "run_id": build.run_id,
        "fingerprint": build.fingerprint,
    }
    return {
        "resources": {"build": {"config": {k: v for k, v in settings.items() if v is not None}}},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }
