"""The log of runs: append-only lines in the home, the one place that holds clock values.

A release carries the log as it stood when it was published (schema ops); `rackhour sql` shows it as it stands
now. Not here: figures of any kind.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import Any

from pipelines.home.places import Home
from pipelines.home.sql_text import quoted

RUN_COLUMNS = {
    "run_id": "varchar",
    "started_at": "timestamp",
    "ended_at": "timestamp",
    "seconds": "double",
    "mode": "varchar",
    "as_of": "date",
    "status": "varchar",
    "release_id": "varchar",
    "message": "varchar",
}
HEALTH_COLUMNS = {
    "run_id": "varchar",
    "source_id": "varchar",
    "family": "varchar",
    "status": "varchar",
    "message": "varchar",
    "payloads": "bigint",
    "received": "bigint",
    "accepted": "bigint",
    "rejected": "bigint",
    "newest_known_from": "date",
    "newest_observed": "date",
    "last_looked": "date",
    "last_changed": "date",
    "age_days": "bigint",
    "price_low": "double",
    "price_high": "double",
    "checked_at": "timestamp",
    "unmapped": "bigint",
}
UNMAPPED_COLUMNS = {"run_id": "varchar", "source_id": "varchar", "unmapped": "bigint"}
DESCRIPTIONS = {
    "runs": "One row per run. When it ran, for which day, and how it ended (published, unchanged, failed).",
    "source_health": (
        "One row per run_id and source_id. Status, rows received, accepted, rejected and unmapped, ages. "
        "unmapped: accepted rows kept out of the facts because no crosswalk knows a name; null where no core was built."
    ),
}
TABLES = {"runs": RUN_COLUMNS, "source_health": HEALTH_COLUMNS}


def now() -> dt.datetime:
    """This moment in UTC, without its zone (DuckDB TIMESTAMP)."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)


def new_run_id() -> str:
    """A name for a run: its start in UTC and its process."""
    return f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}Z-{os.getpid()}"


def append(home: Home, table: str, rows: list[dict[str, Any]]) -> None:
    """Add rows to the log. One write a call, so that a killed process leaves whole lines."""
    lines = "".join(json.dumps(row, default=str, sort_keys=True) + "\n" for row in rows)
    with (home.ops / f"{table}.jsonl").open("a", encoding="utf-8") as log:
        log.write(lines)


def record_unmapped(home: Home, run_id: str, counts: dict[str, int]) -> None:
    """Log how many accepted rows of each source a run found no name for: known when core is built, after the health."""
    rows = [{"run_id": run_id, "source_id": source_id, "unmapped": count} for source_id, count in counts.items()]
    append(home, "unmapped", rows)


def relation(home: Home, table: str) -> str:
    """SQL for the log as a relation, typed, in order; of no rows before the first line is written."""
    if table != "source_health":
        return _lines(home, table, TABLES[table])
    told = {name: kind for name, kind in HEALTH_COLUMNS.items() if name != "unmapped"}
    counted = _lines(home, "unmapped", UNMAPPED_COLUMNS)
    unmapped = f"(select run_id, source_id, max(unmapped) as unmapped from {counted} group by all)"
    return f"(select * from {_lines(home, table, told)} as health left join {unmapped} using (run_id, source_id))"


def _lines(home: Home, name: str, kinds: dict[str, str]) -> str:
    """SQL for one file of lines, with these columns."""
    path = home.ops / f"{name}.jsonl"
    columns = ", ".join(f"{column}: '{kind}'" for column, kind in kinds.items())
    names = ", ".join(kinds)
    if not path.exists():
        nothing = ", ".join(f"cast(null as {kind}) as {column}" for column, kind in kinds.items())
        return f"(select {nothing} where false)"
    return f"(select {names} from read_json({quoted(path)}, format = 'newline_delimited', columns = {{{columns}}}))"
