"""Values and files as SQL text, for statements of our own.

Not here: text a person types (pipelines/release/condition.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def quoted(value: object) -> str:
    """A value as an SQL string: quotes doubled, quotes around it."""
    return "'" + str(value).replace("'", "''") + "'"


def named(column: str) -> str:
    """A column's name as SQL takes any name."""
    return '"' + column.replace('"', '""') + '"'


def parquet(files: Iterable[Path]) -> str:
    """Parquet files as one relation, columns joined by name."""
    return f"read_parquet([{', '.join(map(quoted, files))}], union_by_name = true)"
