"""The build as a resource: every step of a run shares one wish, and the home's lock is held for the whole run.

Not here: what a step does, or reading failures out of a run (failures.py).
"""

# mypy: disable-error-code="type-arg"
# Dagster reads these annotations when it loads, and knows its generic types without parameters only.

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

import dagster as dg
from pydantic import Field, PrivateAttr

from pipelines.defs.failures import LOGGED, describe
from pipelines.home import lock, ops
from pipelines.home.build import Build, Mode
from pipelines.home.fingerprint import fingerprint
from pipelines.home.manifest import current_manifest
from pipelines.home.places import Home
from pipelines.landing.fetching import Fetches
from pipelines.landing.intake import Fetched
from sources.registry import SourceSpec, all_sources, select

REFRESH = "refresh"  # the job over the whole graph
_given: ContextVar[Build | None] = ContextVar("_given", default=None)


@contextmanager
def given(build: Build) -> Iterator[None]:
    """Runs in this process work on this build, and whoever gives it logs the run (pipelines/defs/refresh.py)."""
    token = _given.set(build)
    try:
        yield
    finally:
        _given.reset(token)


class BuildResource(dg.ConfigurableResource):
    """What is asked of a run. Everything has a default, so that `Materialize all` works as it stands."""

    as_of: str = Field(default="", description="Build from what was known on this day, like 2025-06-30; empty: now.")
    live: bool = Field(default=False, description="Ask the publishers; else use the embedded observations.")
    only: list[str] = Field(default=[], description="Ingest these sources alone; empty means every source.")

    _wish: Build = PrivateAttr()
    _fetches: Fetches | None = PrivateAttr(default=None)

    @property
    def wish(self) -> Build:
        """The build every step works on."""
        return self._wish

    def answers(self, spec: SourceSpec) -> Callable[[], Fetched] | None:
        """What a publisher answered: asked together with all others when the first of them is wanted."""
        if self._wish.mode != "live" or not spec.live:
            return None
        if self._fetches is None:
            wanted = [s for s in all_sources().values() if not self._wish.only or s.source_id in self._wish.only]
            self._fetches = Fetches(wanted, self._wish.home)
        fetches = self._fetches
        return (lambda: fetches.take(spec)) if fetches.asks(spec) else None

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["BuildResource"]:
        """Hold the home for the run, and log a run that nobody else logs.

        Raises HomeError, AlreadyRunning, SourceError or ValueError for a setting that means nothing.
        """
        handed = _given.get()
        home = handed.home if handed else Home.from_environment()
        home.ensure()
        started, clock = ops.now(), time.monotonic()
        with lock.held(home):
            self._wish = handed or self._build(home)
            before = (current_manifest(home) or {}).get("release_id")
            try:
                yield self
            finally:
                if self._fetches is not None:
                    self._fetches.close()
                run = context.dagster_run
                if handed is None and run is not None and _whole(run):
                    _log(self._wish, context, before, started, time.monotonic() - clock)

    def _build(self, home: Home) -> Build:
        mode: Mode = "live" if self.live else "offline"
        day = dt.date.fromisoformat(self.as_of) if self.as_of else None
        only = tuple(source.source_id for source in select(sorted(set(self.only)))) if self.only else None
        build = Build(home, mode, day, only, ops.new_run_id())
        return replace(build, fingerprint=fingerprint(build))


def _whole(run: dg.DagsterRun) -> bool:
    """Whether a run was to end in a release: the job, or `Materialize all`; not one asset tried by hand."""
    return run.job_name == REFRESH or dg.AssetKey("release") in (run.asset_selection or ())


def _log(
    build: Build, context: dg.InitResourceContext, before: str | None, started: dt.datetime, seconds: float
) -> None:
    """The run's line in ops.runs, as `rackhour refresh` would write it."""
    manifest = current_manifest(build.home) or {}
    published = manifest.get("release_id") not in (None, before)
    assert context.instance is not None
    assert context.run_id is not None
    records = context.instance.all_logs(context.run_id, of_type=set(LOGGED))
    message = describe((r.dagster_event for r in records if r.dagster_event is not None), build.home)
    line = {
        "run_id": build.run_id,
        "started_at": started,
        "ended_at": ops.now(),
        "seconds": round(seconds, 3),
        "mode": build.mode,
        "as_of": manifest.get("as_of") if published else build.as_of,
        "status": "published" if published else "failed",
        "release_id": manifest.get("release_id"),
        "message": message or "",
    }
    ops.append(build.home, "runs", [line])
