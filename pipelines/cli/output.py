"""Formats and files: a result as table, CSV, JSON, Parquet or workbook, on standard output or in a file.

`--to FILE` writes what the file's ending says; `--format` chooses for standard output.
Not here: what is asked (the commands), how tables look (show.py).
"""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import duckdb

from pipelines.cli.show import is_decimal, table
from pipelines.home.sql_text import named
from sources.errors import RequestError

if TYPE_CHECKING:
    import polars as pl

FORMATS = ("table", "csv", "json", "parquet")
ENDINGS = {".csv": "csv", ".json": "json", ".parquet": "parquet", ".xlsx": "xlsx"}
LIST_FORMATS = ("table", "csv", "json")
TABLE_ROWS = 1000  # a terminal table ends here, and says so; the other formats give every row
SHEET_TYPES = frozenset(
    (
        *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"),
        *("FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN", "VARCHAR", "DATE", "TIMESTAMP"),
    )
)
SHEET_ROWS = 1_048_575  # what a worksheet holds below its heading


class OutputError(RequestError):
    """The format or the file cannot be used; the text says why and what can."""


def format_of(
    form: str | None,
    to: Path | None,
    formats: Sequence[str] = FORMATS,
    endings: Mapping[str, str] = ENDINGS,
) -> str:
    """The format to write: of a file by its ending, else the one asked for, else the first of `formats`.

    Raises OutputError for a format or an ending that is none, for both where they disagree, and for bytes on a
    terminal.
    """
    if form is not None and form not in (*formats, *endings.values()):
        raise OutputError(f"--format {form!r} is none of {', '.join(formats)}.")
    if to is None:
        chosen = form or formats[0]
        if chosen not in formats or (chosen == "parquet" and sys.stdout.isatty()):
            raise OutputError(f"--format {chosen} cannot be shown on a terminal. Write a file: --to result.{chosen}")
        return chosen
    ending = to.suffix.lower()
    if ending not in endings:
        told = f"ends in {to.suffix!r}" if to.suffix else "has no ending"
        raise OutputError(f"--to {to} {told}, so its format is not known. Use one of: {', '.join(endings)}.")
    if not to.parent.is_dir():
        raise OutputError(f"--to {to}: there is no folder {to.parent}. Make it first: mkdir -p {to.parent}")
    if form is not None and form != endings[ending]:
        raise OutputError(
            f"--to {to} is a {endings[ending]} file and --format says {form}. "
            "Leave --format out, or use another ending."
        )
    return endings[ending]


def write_relation(relation: duckdb.DuckDBPyRelation, form: str, to: Path | None) -> None:
    """Write every row of a relation to the file, or to standard output (there a table ends after TABLE_ROWS)."""
    if form == "parquet":
        _write_parquet(relation, to)
    elif form == "xlsx":
        assert to is not None
        _write_workbook(relation, to)
    elif form == "table":
        found = relation.fetchmany(TABLE_ROWS + 1)
        shown = min(len(found), TABLE_ROWS)
        more = "" if len(found) <= TABLE_ROWS else f" (the first {TABLE_ROWS:,}; --format csv gives all)"
        sys.stdout.write(table(relation.columns, found[:TABLE_ROWS]))
        sys.stdout.write(f"{shown:,} row{'' if shown == 1 else 's'}{more}\n")
    else:
        _write_rows(relation.columns, relation.fetchall(), form, to)


def write_frame(frame: pl.DataFrame, form: str, to: Path | None) -> None:
    """A frame as `write_relation` writes a relation."""
    connection = duckdb.connect()
    connection.register("shown", frame.to_arrow())
    write_relation(connection.sql("from shown"), form, to)


def write_list(names: Sequence[str], rows: Sequence[Sequence[Any]], form: str, to: Path | None) -> None:
    """A short list as `write_relation` writes a relation."""
    if form == "table":
        sys.stdout.write(table(names, rows))
    elif form in ("csv", "json"):
        _write_rows(names, rows, form, to)
    else:
        import polars as pl

        write_frame(pl.DataFrame(rows, schema=list(names), orient="row", infer_schema_length=None), form, to)


def write_text(text: str, to: Path | None) -> None:
    """A text to the file, or to standard output."""
    with _stream(to) as stream:
        stream.write(text)


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """A reader that has seen enough (head, less) is no error, and Python must not complain of it at exit."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_rows(names: Sequence[str], rows: Iterable[Sequence[Any]], form: str, to: Path | None) -> None:
    with _stream(to) as stream:
        if form == "csv":
            writer = csv.writer(stream)
            writer.writerow(names)
            writer.writerows(rows)
        else:
            objects = [dict(zip(names, row, strict=True)) for row in rows]
            json.dump(objects, stream, indent=1, default=_json_value)
            stream.write("\n")


def _write_parquet(relation: duckdb.DuckDBPyRelation, to: Path | None) -> None:
    """The rows as Parquet. A connection of its own writes them: the one that answers can open no file."""
    with duckdb.connect() as writer:
        rows = writer.from_arrow(relation.fetch_record_batch())
        if to is not None:
            with written_whole(to) as draft:
                rows.write_parquet(str(draft), compression="zstd")
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "result.parquet"
            rows.write_parquet(str(path), compression="zstd")
            sys.stdout.buffer.write(path.read_bytes())


def _write_workbook(relation: duckdb.DuckDBPyRelation, to: Path) -> None:
    """One sheet with a table on it. Text stays text: a cell that begins with = is no formula. Times are in UTC."""
    import io

    casts = ", ".join(_cell(name, str(kind)) for name, kind in zip(relation.columns, relation.types, strict=True))
    frame = relation.project(casts).pl()
    if frame.height > SHEET_ROWS:
        raise OutputError(
            f"--to {to}: the result has {frame.height:,} rows and a worksheet holds {SHEET_ROWS:,}. "
            "Use .csv or .parquet, or ask for fewer rows."
        )
    book = io.BytesIO()
    frame.write_excel(book, worksheet="rackhour", table_style="Table Style Light 1", autofit=True)
    with written_whole(to) as draft:
        draft.write_bytes(book.getvalue())


def _cell(name: str, kind: str) -> str:
    """A column as a worksheet can hold it: numbers, dates and truth as they are, everything else as text."""
    column = named(name)
    kind = kind.partition("(")[0]
    if kind in SHEET_TYPES:
        return column
    wanted = {"HUGEINT": "double", "UHUGEINT": "double", "TIMESTAMP WITH TIME ZONE": "timestamp"}.get(kind, "varchar")
    return f"cast({column} as {wanted}) as {column}"


@contextmanager
def written_whole(to: Path) -> Iterator[Path]:
    """A draft beside the file, moved into its place when the block ends well: never half a file under its name.

    Raises OutputError where the file cannot be written.
    """
    place = to.resolve()
    draft = place.with_name(f".{os.getpid()}.{place.name}")
    try:
        try:
            yield draft
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"--to {to} cannot be written ({error.strerror}). Use a folder you may write to.") from error
    except duckdb.IOException as error:
        raise OutputError(f"--to {to} cannot be written ({error}). Use a folder you may write to.") from error


@contextmanager
def _stream(to: Path | None) -> Iterator[IO[str]]:
    if to is None:
        yield sys.stdout
        return
    with written_whole(to) as draft, draft.open("w", encoding="utf-8", newline="") as stream:
        yield stream


def _json_value(value: Any) -> float | str:
    return float(value) if is_decimal(value) else str(value)
