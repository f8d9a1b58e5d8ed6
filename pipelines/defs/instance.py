"""The Dagster instance of a home: what `rackhour refresh` made is known to Dagster's pages, and the other way round.

A refresh runs on an instance in memory and is written into the home's when it has ended, in one transaction. Dagster
opens each database anew for every event; on a whole refresh that cost about ten times the CPU of one transaction
(docs/adr/0005). Kept are materialisations, checks, and the start and end of the run and of its steps: everything
the asset pages, checks and run pages show of it. Not kept: what was planned, and outputs passed between steps.

`python -m pipelines.defs.instance` lays the folder out and prints its path. Not here: running (run.py).
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster import DagsterEventType
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from pipelines.home.places import Home

SETTINGS = Path(__file__).with_name("dagster.yaml")
KEPT = {
    DagsterEventType.RUN_START,
    DagsterEventType.RUN_SUCCESS,
    DagsterEventType.RUN_FAILURE,
    DagsterEventType.STEP_START,
    DagsterEventType.STEP_SUCCESS,
    DagsterEventType.STEP_FAILURE,
    DagsterEventType.STEP_SKIPPED,
    DagsterEventType.ASSET_MATERIALIZATION,
    DagsterEventType.ASSET_CHECK_EVALUATION,
}


def folder(home: Home) -> Path:
    """Where the instance of this home is: DAGSTER_HOME where that is set, else `dagster` in the home; laid out."""
    stated = os.environ.get("DAGSTER_HOME")
    place = Path(stated).expanduser().absolute() if stated else home.root / "dagster"
    place.mkdir(parents=True, exist_ok=True)
    if not (place / SETTINGS.name).exists():
        shutil.copyfile(SETTINGS, place / SETTINGS.name)
    return place


def keep(ran_on: dg.DagsterInstance, run_id: str, home: Home) -> None:
    """Write a run that has ended on `ran_on` into the home's instance. Raises what SQLite or the disk raises."""
    run = ran_on.get_run_by_id(run_id)
    assert run is not None
    events = [r for r in ran_on.all_logs(run_id) if r.is_dagster_event and r.get_dagster_event().event_type in KEPT]
    with dg.DagsterInstance.from_config(str(folder(home))) as instance:
        _keep_snapshots(ran_on, instance, run)
        instance.run_storage.add_historical_run(run.with_status(dg.DagsterRunStatus.STARTED), _when(events[0]))
        storage = instance.event_log_storage
        if isinstance(storage, SqliteEventLogStorage):
            with _OneTransaction.on(storage) as quick:
                _store(quick, events)
        else:  # DAGSTER_HOME may name an instance with another database
            _store(storage, events)
        for event in events:
            if event.get_dagster_event().event_type in (
                DagsterEventType.RUN_START,
                DagsterEventType.RUN_SUCCESS,
                DagsterEventType.RUN_FAILURE,
            ):
                instance.run_storage.handle_run_event(run_id, event.get_dagster_event(), _when(event))


def _keep_snapshots(ran_on: dg.DagsterInstance, instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """The graph and the plan as they were run, which the run's page draws; stored once a version of the graph."""
    graph, plan = str(run.job_snapshot_id), str(run.execution_plan_snapshot_id)
    if not instance.run_storage.has_job_snapshot(graph):
        instance.run_storage.add_job_snapshot(ran_on.get_job_snapshot(graph))
    if not instance.run_storage.has_execution_plan_snapshot(plan):
        instance.run_storage.add_execution_plan_snapshot(ran_on.get_execution_plan_snapshot(plan))


def _when(event: EventLogEntry) -> dt.datetime:
    return dt.datetime.fromtimestamp(event.timestamp, dt.UTC)


def _store(storage: Any, events: Sequence[EventLogEntry]) -> None:
    for event in events:
        storage.store_event(event)


class _OneTransaction(SqliteEventLogStorage):
    """Dagster's own way of storing events, on one open connection per file, committed once at the end."""

    _open: dict[str, sa.Connection]

    @classmethod
    @contextmanager
    def on(cls, storage: SqliteEventLogStorage) -> Iterator[_OneTransaction]:
        """The storage at the same place, for one batch of events."""
        made = cls(storage._base_dir)
        made._open = {}
        try:
            yield made
            for connection in made._open.values():
                connection.commit()
        finally:
            for connection in made._open.values():
                connection.close()
                connection.engine.dispose()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        if "_open" not in self.__dict__:  # while Dagster's own constructor looks at the files
            with super()._connect(shard) as connection:
                yield connection
            return
        if shard not in self._open:
            with super()._connect(shard):
                pass  # makes the file and its tables
            engine = sa.create_engine(
                self.conn_string_for_shard(shard), poolclass=sa.NullPool, connect_args={"timeout": 60}
            )
            self._open[shard] = engine.connect()
        yield self._open[shard]

    def has_table(self, table_name: str) -> bool:
        return True  # asked per event by Dagster; a file made or migrated by this version has them all


def main() -> int:
    """Lay out the instance's folder and print it, for `make dagster`."""
    home = Home.from_environment()
    home.ensure()
    print(folder(home))
    return 0


if __name__ == "__main__":
    sys.exit(main())
