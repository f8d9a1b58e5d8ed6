"""What a person reads after `rackhour load`: file rows, contract rows, why rows were refused, what stays unnamed.

Not here: loading (pipelines/landing/loading.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.cli.show import table
from pipelines.landing.loading import Outcome, Report

SHOWN_ROWS, SHOWN_NAMES = 3, 8
VALUE_WIDTH = 60


def text(report: Report, dry_run: bool) -> str:
    """The whole outcome as lines."""
    lines = [line for outcome in report.outcomes for line in _outcome(report.file, outcome)]
    lines += [f"note: {remark}" for remark in report.remarks]
    if report.unused:
        lines.append(f"columns of the file that the mapping does not read: {', '.join(report.unused)}")
    if dry_run:
        lines.append("dry run: nothing was written")
    elif any(outcome.status in ("new", "restated", "read again") for outcome in report.outcomes):
        lines.append("next: rackhour refresh; rejected rows then stand in quarantine.rejected_row")
    return "\n".join(lines) + "\n"


def _outcome(file: str, outcome: Outcome) -> Iterator[str]:
    if outcome.status == "failed":
        yield f"{outcome.source_id}: FAILED: {outcome.message}"
        return
    yield (
        f"{outcome.source_id}: {outcome.status}: {file}, {outcome.file_rows:,} file rows -> {outcome.received:,} "
        f"contract rows: {outcome.accepted:,} accepted, {outcome.rejected.height:,} rejected"
    )
    if outcome.rejected.height:
        yield "rejected by rule, with the first rows of each:"
        headings = ["rows", "field", "rule", f"of {file}: row", "value"]
        yield from _indented(table(headings, rejections_by_rule(outcome.rejected)))
    for column, names in outcome.unknown_names.items():
        listed = ", ".join(f"{name!r} ({count})" for name, count in names[:SHOWN_NAMES])
        more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
        yield f"in no crosswalk, so out of core: {column} {listed}{more}; `values:` in the mapping can name them"


def alike() -> pl.Expr:
    """A rejection's rule without the rows and days its text names: those do not make it another rule."""
    return pl.col("rule").str.replace_all(r"rows? \d+( and \d+)?|\d{4}-\d\d-\d\d|^\d+ fields", "…")


def rejections_by_rule(rejected: pl.DataFrame) -> list[list[object]]:
    """Each rule with its rows and the first of them."""
    counted = rejected.with_columns(alike().alias("alike"), pl.len().over("field", alike()).alias("rows"))
    first = counted.sort("row_number", maintain_order=True).group_by("field", "alike", maintain_order=True)
    shown = first.head(SHOWN_ROWS).sort("rows", "field", "alike", "row_number", descending=[True, False, False, False])
    told, before = [], None
    for row in shown.iter_rows(named=True):
        rule = (row["field"], row["alike"])
        count = row["rows"] if rule != before else None
        told.append([count, row["field"], _short(row["rule"]), row["row_number"], _short(row["value"])])
        before = rule
    return told


def _short(value: str | None) -> str:
    told = value or ""
    return told if len(told) <= VALUE_WIDTH else told[: VALUE_WIDTH - 1] + "…"


def _indented(block: str) -> list[str]:
    return [f"  {line}" for line in block.splitlines()]
