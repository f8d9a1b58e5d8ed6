"""Curated observations: CSV files of our own that lie beside their provenance.

A file is UTF-8 with one header line; every value is read as text and judged by the family's contract.
Not here: what the figures mean, or any correction of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import polars as pl

from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec


def fetch_offline(spec: SourceSpec) -> Iterator[Payload]:
    """The file's bytes. Raises SourceError where the file is missing or cannot be read."""
    if spec.offline is None:
        return
    path = spec.folder / spec.offline
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(
            spec.source_id,
            f"curated file sources/{spec.family}/{spec.offline} cannot be read ({error.strerror}).",
            "Restore it from the repository or reinstall rackhour.",
        ) from error
    yield Payload(
        source_id=spec.source_id,
        origin=f"sources/{spec.family}/{spec.offline}",
        content=content,
        media_type="text/csv",
    )


def parse(payload: Payload) -> pl.DataFrame:
    """The rows as text, named by the header. Raises SourceError on damage that makes rows unreadable."""
    restore = "Restore it from the repository or reinstall rackhour."
    try:
        text = payload.content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(payload.source_id, f"{payload.origin} is not UTF-8 (byte {error.start}).", restore) from error
    if "\x00" in text:
        raise SourceError(payload.source_id, f"{payload.origin} holds NUL bytes: it is damaged.", restore)
    try:
        frame = pl.read_csv(io.StringIO(text), infer_schema=False)
    except pl.exceptions.ComputeError:
        frame = _row_by_row(payload, text)
    except pl.exceptions.NoDataError as error:
        raise SourceError(payload.source_id, f"{payload.origin} is empty.", restore) from error
    if frame.height == 0:
        raise SourceError(payload.source_id, f"{payload.origin} holds a header and no rows.", restore)
    return frame


def _row_by_row(payload: Payload, text: str) -> pl.DataFrame:
    """The slow way, for a file in which some row has too many or too few fields: that row alone is given up."""
    reader = csv.reader(io.StringIO(text))
    header = next(reader)
    columns: dict[str, list[str | None]] = {name: [] for name in [*header, "parse_error"]}
    for row in reader:
        fits = len(row) == len(header)
        for position, name in enumerate(header):
            columns[name].append(row[position] if fits else None)
        columns["parse_error"].append(None if fits else f"{len(row)} fields where the header has {len(header)}: {row}")
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
