"""One refresh from wish to release: lock, recognise an unchanged re-run, run the graph, log how it ended.

The graph itself is Dagster's (pipelines/defs) and is imported only when there is something to do.
Not here: what the steps do, or how a terminal shows it (pipelines/cli).
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, replace
from typing import Literal

from pipelines.home import lock, ops, progress
from pipelines.home.build import Build
from pipelines.home.fingerprint import fingerprint
from pipelines.home.manifest import current_manifest


@dataclass(frozen=True)
class Outcome:
    """How a refresh ended, and the release that is published now (None before the first)."""

    status: Literal["published", "unchanged", "failed"]
    release_id: str | None
    message: str
    seconds: float


def refresh(build: Build) -> Outcome:
    """Run one refresh. Never raises for a run that failed: the outcome says so, and ops keeps it.

    Raises HomeError (the home cannot be used) and AlreadyRunning (another refresh builds) before anything is done.
    """
    build.home.ensure()
    with lock.held(build.home):
        started, clock = ops.now(), time.monotonic()
        progress.restart()
        build = replace(build, run_id=build.run_id or ops.new_run_id(), fingerprint=fingerprint(build))
        published = current_manifest(build.home)
        if build.mode == "offline" and published and published["fingerprint"] == build.fingerprint:
            text = "inputs, code and settings are those of the published release; nothing to publish"
            outcome = Outcome("unchanged", published["release_id"], text, time.monotonic() - clock)
        else:
            outcome = _run(build, clock)
        log_run(build, outcome, started)
        return outcome


def _run(build: Build, clock: float) -> Outcome:
    progress.begin("graph", "loading Dagster and dbt")
    from pipelines.defs.run import run_refresh

    failure = run_refresh(build)
    seconds = time.monotonic() - clock
    manifest = current_manifest(build.home)
    release_id = manifest["release_id"] if manifest else None
    if failure:
        return Outcome("failed", release_id, failure, seconds)
    return Outcome("published", release_id, "", seconds)


def log_run(build: Build, outcome: Outcome, started: dt.datetime) -> None:
    """How a run ended, as its line in ops.runs."""
    manifest = current_manifest(build.home)
    as_of = manifest["as_of"] if manifest and outcome.status != "failed" else build.as_of
    line = {
        "run_id": build.run_id,
        "started_at": started,
        "ended_at": ops.now(),
        "seconds": round(outcome.seconds, 3),
        "mode": build.mode,
        "as_of": as_of,
        "status": outcome.status,
        "release_id": outcome.release_id,
        "message": outcome.message,
    }
    ops.append(build.home, "runs", [line])
