"""How each source fared in a run, written into the log of runs.

Not here: judging how a source fared (intake.py), the log itself (pipelines/home/ops.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from pipelines.home import ops
from pipelines.home.places import Home
from pipelines.landing.intake import SourceRun


def record(home: Home, run_id: str, runs: Iterable[SourceRun]) -> None:
    """Append a line per source to ops.source_health."""
    stamp = {"run_id": run_id, "checked_at": ops.now()}
    ops.append(home, "source_health", [{**stamp, "age_days": run.age_days, **asdict(run)} for run in runs])
