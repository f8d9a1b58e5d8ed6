"""What a person reads after `rackhour try`: rows, counts, rejections by rule, names no crosswalk knows, what to do.

Not here: trying (pipelines/landing/trying.py).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import polars as pl

from pipelines.cli.load_report import rejections_by_rule
from pipelines.cli.output import write_frame
from pipelines.cli.show import table
from pipelines.landing.trying import Trial, Tried
from pipelines.landing.unmapped import file_to_edit
from sources.contract import Observation

SHOWN_NAMES = 20
ABOUT = frozenset(Observation.to_schema().columns)
SHOWN_PAYLOADS = 3


def show(trial: Trial, form: str, rows: int) -> None:
    """The trial on standard output: as text, as accepted rows (csv), or whole (json). Failures go to standard error."""
    for failure in trial.failures:
        where = f" In {failure.where}." if failure.where else ""
        line = f"rackhour: {trial.spec.source_id}: {failure.problem}{where} {failure.remedy}".rstrip()
        print(line, file=sys.stderr)
    if form == "json":
        print(json.dumps(_document(trial, rows), indent=1, default=str))
    elif form == "csv":
        if trial.tried:
            write_frame(pl.concat([one.rows.accepted for one in trial.tried]), "csv", None)
    else:
        print("\n".join(_lines(trial, rows)))


def _lines(trial: Trial, rows: int) -> Iterator[str]:
    for place, one in enumerate(trial.tried, start=1):
        part = f" ({place} of {len(trial.tried)})" if len(trial.tried) > 1 else ""
        yield f"{trial.spec.source_id}{part}: {one.payload.origin}, {len(one.payload.content):,} bytes, {_counts(one)}"
        if place > SHOWN_PAYLOADS and not one.rows.rejected.height:
            continue
        if place <= SHOWN_PAYLOADS and rows and one.rows.accepted.height:
            shown = _filled(one.rows.accepted.head(rows))
            yield f"\naccepted rows, {shown.height} of {one.rows.accepted.height:,} (columns with a value):"
            yield table(shown.columns, shown.rows())
        if one.rows.rejected.height:
            yield "rejected by rule, with the first rows of each:"
            names = ["rows", "field", "rule", "payload row", "value"]
            yield table(names, rejections_by_rule(one.rows.rejected))
    if len(trial.tried) > 1:
        received = sum(one.rows.received for one in trial.tried)
        counted = f"{received:,} rows received, {trial.accepted:,} accepted, {received - trial.accepted:,} rejected"
        yield f"all {len(trial.tried)} payloads: {counted}"
    for column, unknown in trial.unknown.items():
        count = sum(label_rows for _, label_rows in unknown)
        yield f"{column}: {len(unknown)} names in no crosswalk; their {count:,} rows stay out of core."
        yield from (f"  {label!r} ({label_rows:,} rows)" for label, label_rows in unknown[:SHOWN_NAMES])
        if len(unknown) > SHOWN_NAMES:
            yield f"  and {len(unknown) - SHOWN_NAMES} more (--format json lists all)"
        yield f"  Add them to {file_to_edit(trial.spec, column)}"
    yield "Nothing was written." if trial.accepted else "No row was accepted. Nothing was written."


def _counts(one: Tried) -> str:
    rows = one.rows
    return f"{rows.received:,} rows received, {rows.accepted.height:,} accepted, {rows.rejected.height:,} rejected"


def _filled(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns in which any of the rows has a value: what is observed before its dates and citation."""
    names = [name for name in frame.columns if frame[name].null_count() < frame.height]
    return frame.select(sorted(names, key=lambda name: (name != "row_number", name in ABOUT)))


def _document(trial: Trial, rows: int) -> dict[str, Any]:
    return {
        "source": trial.spec.source_id,
        "family": trial.spec.family,
        "accepted": trial.accepted,
        "payloads": [
            {
                "origin": one.payload.origin,
                "sha256": one.payload.sha256,
                "bytes": len(one.payload.content),
                "observed_on": one.payload.observed_on,
                "received": one.rows.received,
                "accepted": one.rows.accepted.height,
                "rejected": one.rows.rejected.height,
                "rows": one.rows.accepted.head(rows).to_dicts(),
                "rejections": one.rows.rejected.drop("row_json").to_dicts(),
            }
            for one in trial.tried
        ],
        "failures": [
            {"origin": one.origin, "problem": one.problem, "remedy": one.remedy, "where": one.where}
            for one in trial.failures
        ],
        "unmapped": [
            {"column": column, "label": label, "rows": count, "file": file_to_edit(trial.spec, column)}
            for column, names in trial.unknown.items()
            for label, count in names
        ],
    }
