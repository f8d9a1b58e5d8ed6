"""Tables for people: plain aligned columns in a pipe or a file, and on a terminal columns that fit its width.

Not here: other formats and files (output.py), how a table is laid out on a terminal (terminal_table.py).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any


def table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """The rows as standard output wants them: plain in a pipe or a file, laid out to its width on a terminal."""
    if not sys.stdout.isatty():
        return text_table(names, rows)
    from pipelines.cli.terminal_table import terminal_table

    return terminal_table(names, [[text_of(value) for value in row] for row in rows], numeric_columns(names, rows))


def text_table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns aligned, numbers to the right, at most six significant decimals; NULL is an empty cell."""
    cells = [[text_of(value) for value in row] for row in rows]
    numeric = numeric_columns(names, rows)
    widths = [max([len(name), *[len(row[i]) for row in cells]]) for i, name in enumerate(names)]

    def line(values: Sequence[str]) -> str:
        padded = [v.rjust(w) if n else v.ljust(w) for v, w, n in zip(values, widths, numeric, strict=True)]
        return "  ".join(padded).rstrip() + "\n"

    return line(names) + line(["-" * w for w in widths]) + "".join(line(row) for row in cells)


def numeric_columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[bool]:
    """Which columns hold numbers: those are aligned to the right."""
    return [
        any((isinstance(row[i], (int, float)) and not isinstance(row[i], bool)) or is_decimal(row[i]) for row in rows)
        for i in range(len(names))
    ]


def is_decimal(value: Any) -> bool:
    """Whether a value is a decimal, without importing decimal for every table."""
    return type(value).__name__ == "Decimal"


def text_of(value: Any) -> str:
    """One cell as a person reads it, on one line."""
    if value is None:
        return ""
    if is_decimal(value):
        value = float(value)
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else f"{value:g}"
    return str(value).replace("\n", " ")
