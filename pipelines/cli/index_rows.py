"""How `rackhour index` prints its rows. Not here: computing them (pipelines/panels/own_table)."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

from pipelines.cli.output import reader_may_leave, write_frame, write_text
from pipelines.cli.show import table
from pipelines.panels.own_table.answer import Answer

FORMATS = ("csv", "table", "json")
DIGITS = 15
"""Significant digits of a level in csv and json: what a double holds for certain."""


def show(found: Answer, form: str, to: Path | None) -> None:
    """Notes to standard error, rows to the file or to standard output."""
    for note in found.notes:
        print(f"rackhour: note: {note}.", file=sys.stderr)
    with reader_may_leave():
        if form in FORMATS:
            write_text(printed(found, form), to)
        else:
            write_frame(found.rows, form, to)


def printed(found: Answer, form: str) -> str:
    """The rows as csv, json (null where there is no level) or a table for reading."""
    names, rows = found.rows.columns, found.rows.rows()
    if form == "table":
        return f"{table(names, rows)}{found.told}\n"
    if form == "json":
        told = [dict(zip(names, [_rounded(cell) for cell in row], strict=True)) for row in rows]
        return json.dumps(told, indent=1) + "\n"
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([f"{cell:.{DIGITS}g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    return target.getvalue()


def _rounded(cell: object) -> object:
    return float(f"{cell:.{DIGITS}g}") if isinstance(cell, float) else cell
