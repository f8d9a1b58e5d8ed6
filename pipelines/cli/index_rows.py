"""How `rackhour index` prints its rows. Not here: computing them (pipelines/panels/own_table)."""

from __future__ import annotations

import csv
import io
import json
import os
import sys

from pipelines.cli.show import text_table
from pipelines.panels.own_table.answer import Answer

FORMATS = ("csv", "table", "json")
DIGITS = 15
"""Significant digits of a level in csv and json: what a double holds for certain."""


def show(found: Answer, form: str) -> None:
    """Notes to standard error, rows to standard output."""
    for note in found.notes:
        print(f"rackhour: note: {note}.", file=sys.stderr)
    try:
        print(printed(found, form), end="", flush=True)
    except BrokenPipeError:
        # The reader (head, less) has seen enough: that is no error, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def printed(found: Answer, form: str) -> str:
    """The rows as csv, json (null where there is no level) or a table for reading."""
    names, rows = found.rows.columns, found.rows.rows()
    if form == "table":
        return f"{text_table(names, rows)}{found.told}\n"
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
