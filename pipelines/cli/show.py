"""Tables on a terminal, and the formats `rackhour sql` prints. Not here: what is asked or answered."""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    import polars as pl

FORMATS = ("table", "csv", "json", "parquet")
TABLE_ROWS = 1000  # a terminal table ends here, and says so; the other formats give every row


def result(relation: duckdb.DuckDBPyRelation, form: str, target: Path | None) -> None:
    """Print a relation to standard output, or into a file where one is given (parquet as bytes, the others as text)."""
    if form == "parquet":
        _parquet(relation, target)
        return
    stream = target.open("w", encoding="utf-8", newline="") if target else sys.stdout
    try:
        if form == "csv":
            writer = csv.writer(stream)
            writer.writerow(relation.columns)
            writer.writerows(relation.fetchall())
        elif form == "json":
            names = relation.columns
            rows = [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
            json.dump(rows, stream, indent=1, default=_json)
            stream.write("\n")
        else:
            found = relation.fetchmany(TABLE_ROWS + 1)
            stream.write(text_table(relation.columns, found[:TABLE_ROWS]))
            more = "" if len(found) <= TABLE_ROWS else f" (the first {TABLE_ROWS:,}; --format csv gives all)"
            shown = min(len(found), TABLE_ROWS)
            stream.write(f"{shown:,} row{'' if shown == 1 else 's'}{more}\n")
    finally:
        if target:
            stream.close()


def frame(table: pl.DataFrame, form: str) -> None:
    """Print a frame to standard output in one of the formats of `result`."""
    connection = duckdb.connect()
    connection.register("shown", table.to_arrow())
    result(connection.sql("from shown"), form, None)


def _parquet(relation: duckdb.DuckDBPyRelation, target: Path | None) -> None:
    """The rows as Parquet. A connection of its own writes them: the one that answers can open no file."""
    with duckdb.connect() as writer:
        rows = writer.from_arrow(relation.fetch_record_batch())
        if target:
            rows.write_parquet(str(target), compression="zstd")
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "result.parquet"
            rows.write_parquet(str(path), compression="zstd")
            sys.stdout.buffer.write(path.read_bytes())


def text_table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns aligned, numbers to the right, at most six significant decimals; NULL is an empty cell."""
    cells = [[_text(value) for value in row] for row in rows]
    numeric = [
        any((isinstance(row[i], (int, float)) and not isinstance(row[i], bool)) or _is_decimal(row[i]) for row in rows)
        for i in range(len(names))
    ]
    widths = [max([len(name), *[len(row[i]) for row in cells]]) for i, name in enumerate(names)]

    def line(values: Sequence[str]) -> str:
        padded = [v.rjust(w) if n else v.ljust(w) for v, w, n in zip(values, widths, numeric, strict=True)]
        return "  ".join(padded).rstrip() + "\n"

    return line(names) + line(["-" * w for w in widths]) + "".join(line(row) for row in cells)


def _json(value: Any) -> float | str:
    return float(value) if _is_decimal(value) else str(value)


def _is_decimal(value: Any) -> bool:
    return type(value).__name__ == "Decimal"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if _is_decimal(value):
        value = float(value)
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else f"{value:g}"
    return str(value).replace("\n", " ")
