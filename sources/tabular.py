"""A file of rows, whatever it is written in: CSV, Parquet, JSON or JSON lines, as text columns with row numbers.

A row bears the number its own file gives it: in CSV the row a spreadsheet shows (the header is row 1), in JSON lines
the line, else its place. A row that cannot be read keeps its number and says why; only damage to the file as a whole
is an error. Not here: which columns mean what (sources/mapping.py), dates and numbers (sources/loaded.py).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import polars as pl

from sources import json_text
from sources.errors import SourceError
from sources.mapping import FileFormat

ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
DELIMITERS = ",;\t|"
ROW, ERROR = "\0row", "\0error"  # names no file column can have
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
FIELD_LIMIT = 1024 * 1024


@dataclass(frozen=True)
class Table:
    """The file's rows: its own columns, their row number (ROW) and why a row cannot be read (ERROR, else null).

    `remarks` says what was met on the way: empty lines, the delimiter that was found.
    """

    frame: pl.DataFrame
    columns: list[str]
    remarks: list[str] = field(default_factory=list)


def read(content: bytes, name: str, form: FileFormat) -> Table:
    """The rows of a file. Raises SourceError where it holds none or is damaged as a whole; `name` is for errors."""
    kind = form.format or ENDINGS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise SourceError(name, "has an ending that says nothing.", "Set file.format: csv, parquet, json or jsonl.")
    if not content.strip():
        raise SourceError(name, "is empty.", "")
    if content[:4] == b"PK\x03\x04" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise SourceError(name, "is a workbook or an archive.", "Save the sheet as CSV UTF-8.")
    if kind == "parquet":
        table = _parquet(content, name)
    elif kind == "csv":
        table = _csv(content, name, form)
    else:
        table = _json(content, name, form, kind == "jsonl")
    if not table.frame.height:
        raise SourceError(name, "holds no row.", "")
    return table


def _parquet(content: bytes, name: str) -> Table:
    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SourceError(name, f"is no Parquet file ({error}).", "") from error
    columns = frame.columns
    texts = [
        pl.col(c).struct.json_encode() if isinstance(t, pl.Struct) else pl.col(c).cast(pl.String)
        for c, t in frame.schema.items()
        if isinstance(t, (pl.Struct, pl.Categorical, pl.Enum))
    ]
    frame = frame.with_columns(texts).with_row_index(ROW, offset=1)
    return Table(frame.with_columns(pl.lit(None, dtype=pl.String).alias(ERROR)), columns)


def _text(content: bytes, name: str, form: FileFormat) -> str:
    encoding = next((codec for mark, codec in BOMS if content.startswith(mark)), form.encoding)
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, UnicodeError) as error:
        place = f" (byte {error.start})" if isinstance(error, UnicodeDecodeError) else ""
        raise SourceError(
            name,
            f"is not {encoding}{place}.",
            "Name its encoding in file.encoding, such as cp1252 for Excel's own CSV.",
        ) from error
    except LookupError as error:
        raise SourceError(name, f"file.encoding {encoding!r} is no encoding.", "Try utf-8 or cp1252.") from error
    if "\x00" in text:
        raise SourceError(name, "holds NUL characters: it is damaged or in another encoding.", "Set file.encoding.")
    return text


def _csv(content: bytes, name: str, form: FileFormat) -> Table:
    text = _text(content, name, form)
    remarks = []
    stated = re.match(r"sep=(.)\r?\n", text)
    delimiter = form.delimiter or (stated.group(1) if stated else None)
    if delimiter is None:
        header_line = next((line for line in text.splitlines() if line.strip()), "")
        delimiter = max(DELIMITERS, key=header_line.count)
        if delimiter != "," and header_line.count(delimiter):
            remarks.append(f"delimiter {delimiter!r}, as the header has it")
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=form.quote, strict=True)
    rows = _numbered(reader, name)
    header: list[str] = []
    for _, cells in rows:
        if any(cell.strip() for cell in cells) and not (stated and cells[0].startswith("sep=")):
            header = [cell.strip() for cell in cells]
            break
    while header and not header[-1]:
        header.pop()
    _check_header(header, name)
    kept: list[list[str | None]] = [[] for _ in header]
    numbers: list[int] = []
    errors: list[str | None] = []
    empty = 0
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            empty += 1
            continue
        surplus = cells[len(header) :]
        fits = len(cells) >= len(header) and not any(cell.strip() for cell in surplus)
        for position, column in enumerate(kept):
            column.append(cells[position] if position < len(cells) else None)
        numbers.append(number)
        errors.append(None if fits else f"{len(cells)} fields where the header has {len(header)}")
    if empty:
        remarks.append(f"{empty} empty lines are no rows")
    columns = {h: pl.Series(h, v, dtype=pl.String) for h, v in zip(header, kept, strict=True)}
    frame = pl.DataFrame([*columns.values(), pl.Series(ROW, numbers, dtype=pl.UInt32)]).with_columns(
        pl.Series(ERROR, errors, dtype=pl.String)
    )
    return Table(frame, header, remarks)


def _numbered(reader: Iterator[list[str]], name: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SourceError(
                name,
                f"row {number} and what follows cannot be told apart ({error}).",
                "Look at its quotes; file.quote.",
            ) from error
        yield number, cells


def _check_header(header: list[str], name: str) -> None:
    if not header:
        raise SourceError(name, "has no header line.", "Its first line must name the columns.")
    twice = sorted({h for h in header if header.count(h) > 1 and h})
    if twice:
        places = "; ".join(f"{h!r} in columns {[i + 1 for i, x in enumerate(header) if x == h]}" for h in twice)
        raise SourceError(name, f"names a column twice: {places}.", "Rename one; which is meant cannot be guessed.")
    if "" in header:
        raise SourceError(name, f"column {header.index('') + 1} has no name.", "Name it in the header.")


class _Unread(str):
    """Why a line is no JSON."""


class _Repeated(dict[str, Any]):
    """A JSON object in which a key stood twice."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Repeated(pairs)


def _decode(text: str) -> Any:
    # Numbers stay as they are written: 0.1 must not become the nearest double before anybody looks at it.
    return json_text.loads(text, object_pairs_hook=_pairs, parse_float=str, parse_int=str, parse_constant=str)


def _json(content: bytes, name: str, form: FileFormat, lines: bool) -> Table:
    text = _text(content, name, form)
    if lines:
        found = _json_lines(text)
    else:
        try:
            document = _decode(text)
        except ValueError as error:
            raise SourceError(name, f"is no JSON ({error}).", "One object a line is file.format: jsonl.") from error
        found = enumerate(_records(document, name, form.records), start=1)
    rows: list[dict[str, str | None]] = []
    numbers: list[int] = []
    errors: list[str | None] = []
    columns: dict[str, None] = {}
    for number, item in found:
        problem: str | None = str(item) if isinstance(item, _Unread) else None
        flat: dict[str, str | None] = {}
        if problem is None and not isinstance(item, dict):
            problem = f"no object but {json.dumps(item)[:60]}"
        elif isinstance(item, dict):
            problem = "a key stands twice in it" if _flatten(item, "", flat) else None
        columns.update(dict.fromkeys(flat))
        rows.append(flat)
        numbers.append(number)
        errors.append(problem)
    series = [pl.Series(c, [row.get(c) for row in rows], dtype=pl.String) for c in columns]
    frame = pl.DataFrame([*series, pl.Series(ROW, numbers, dtype=pl.UInt32), pl.Series(ERROR, errors, dtype=pl.String)])
    return Table(frame, list(columns))


def _json_lines(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            item = _decode(line)
        except ValueError as error:
            yield number, _Unread(f"no JSON ({error})")
        else:
            yield number, item


def _records(document: Any, name: str, path: str | None) -> Iterable[Any]:
    for step in (path or "").split(".") if path else ():
        if not isinstance(document, dict) or step not in document:
            raise SourceError(name, f"has nothing at {path!r} (no {step!r}).", "Correct file.records.")
        document = document[step]
    if not isinstance(document, list):
        keys = [k for k, v in document.items() if isinstance(v, list)] if isinstance(document, dict) else []
        hint = f"Set file.records to one of: {', '.join(keys)}." if keys else "It must be a list of objects."
        raise SourceError(name, "is no list of objects.", hint)
    return document


def _flatten(item: dict[str, Any], prefix: str, into: dict[str, str | None]) -> bool:
    """Nested keys as `a.b`; whether any object in it had a key twice."""
    repeated = isinstance(item, _Repeated)
    for key, value in item.items():
        if isinstance(value, dict):
            repeated |= _flatten(value, f"{prefix}{key}.", into)
        elif isinstance(value, bool):
            into[prefix + key] = "true" if value else "false"
        elif isinstance(value, list):
            into[prefix + key] = json.dumps(value)
        else:
            into[prefix + key] = value
    return repeated
