"""How each source fared in a run, written into the log of runs.

Not here: judging how a source fared (intake.py), the log itself (pipelines/home/ops.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import duckdb

from pipelines.home import ops
from pipelines.home.places import Home
from pipelines.landing.intake import NOT_ASKED, SourceRun
from sources.registry import all_sources


def record(home: Home, run_id: str, runs: Iterable[SourceRun]) -> None:
    """Append a line per source to ops.source_health."""
    stamp = {"run_id": run_id, "checked_at": ops.now()}
    ops.append(home, "source_health", [{**stamp, "age_days": run.age_days, **asdict(run)} for run in runs])


def reached(home: Home, run_id: str) -> tuple[int, int]:
    """How many publishers answered in a live run, and how many were asked."""
    live = [spec.source_id for spec in all_sources().values() if spec.live]
    with duckdb.connect() as connection:
        answered, asked = connection.execute(
            f"""
            select count(*) filter (status <> 'failed'), count(*)
            from {ops.relation(home, "source_health")}
            where run_id = ? and list_contains(?, source_id) and not starts_with(message, ?)
            """,
            [run_id, live, NOT_ASKED],
        ).fetchone() or (0, 0)
    return answered, asked
