"""What a person reads after `rackhour load`: file rows, contract rows, why rows were refused, what stays unnamed.

Not here: loading (pipelines/loading.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.loading import Outcome, Report
from pipelines.show import text_table

SHOWN_ROWS, SHOWN_NAMES = 10, 8
VALUE_WIDTH = 60


def text(report: Report, dry_run: bool) -> str:
    """The whole outcome as lines."""
    lines = [line for outcome in report.outcomes for line in _outcome(report.file, outcome)]
    lines += [f"met on the way: {remark}" for remark in report.remarks]
    if report.unused:
        lines.append(f"columns of the file that the mapping does not use: {', '.join(report.unused)}")
    if dry_run:
        lines.append("dry run: nothing was written")
    elif any(outcome.status in ("new", "restated", "read again") for outcome in report.outcomes):
        lines.append("next: rackhour refresh")
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
        yield "rejected by rule:"
        yield from _indented(text_table(["rows", "field", "rule"], _by_rule(outcome.rejected)))
        shown = outcome.rejected.sort("row_number").head(SHOWN_ROWS)
        rows = [
            [file, row["row_number"], row["field"], _short(row["rule"]), _short(row["value"])]
            for row in shown.iter_rows(named=True)
        ]
        yield f"the first {len(rows)} of {outcome.rejected.height:,} rejected rows:"
        yield from _indented(text_table(["file", "row", "field", "rule", "value"], rows))
    for column, names in outcome.unknown_names.items():
        listed = ", ".join(f"{name!r} ({count})" for name, count in names[:SHOWN_NAMES])
        more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
        yield f"in no crosswalk, so out of core: {column} {listed}{more}; `values:` in the mapping can name them"


def _by_rule(rejected: pl.DataFrame) -> list[list[object]]:
    """Rows per rule; the numbers inside a rule's text do not make it another rule."""
    rule = pl.col("rule").str.replace_all(r"\(rows \d+ and \d+\)|row \d+|\d{4}-\d\d-\d\d", "…")
    counted = (
        rejected.group_by("field", rule.alias("rule"))
        .len()
        .sort("len", "field", "rule", descending=[True, False, False])
    )
    return [[row["len"], row["field"], _short(row["rule"])] for row in counted.iter_rows(named=True)]


def _short(value: str | None) -> str:
    told = value or ""
    return told if len(told) <= VALUE_WIDTH else told[: VALUE_WIDTH - 1] + "…"


def _indented(block: str) -> list[str]:
    return [f"  {line}" for line in block.splitlines()]
