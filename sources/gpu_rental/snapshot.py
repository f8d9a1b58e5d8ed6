"""Rows of a price list of today, and what every connector of such a list states alike.

A list shows what holds when it is looked at: its rows are valid, known and last observed on that day. Folding such
snapshots into runs is staging's.

Not here: what a publisher calls its fields (its own module), canonical names, conversion, judgment.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from sources.errors import SourceError
from sources.payload import Payload

Row = dict[str, Any]

# The item of a snapshot: rows that agree in these are one offer (staging folds by the same columns).
ITEM = (
    "provider_label",
    "sku_label",
    "gpu_label",
    "gpu_memory_gb",
    "region_label",
    "gpu_count",
    "commitment",
    "price_unit",
    "currency",
    "valid_from",
)
COLUMNS = (
    "row_number",
    *ITEM,
    "price",
    "price_low",
    "price_high",
    "valid_to",
    "known_from",
    "known_basis",
    "last_observed",
    "observation_count",
    "grade",
    "citation",
    "note",
    "parse_error",
)
SCHEMA = {name: pl.Int64 if name in ("row_number", "observation_count") else pl.String for name in COLUMNS}


def seen_today(payload: Payload, **values: Any) -> Row:
    """A row that holds on the day of the payload. Raises SourceError where the payload has no day."""
    day = observed_on(payload)
    stated = {
        "currency": "USD",
        "valid_from": day,
        "known_from": day,
        "known_basis": "first_seen",
        "last_observed": day,
        "observation_count": 1,
    }
    return {**dict.fromkeys(COLUMNS), **stated, **values}


def unreadable(row_number: int, reason: str) -> Row:
    """A row that could not be read, with the reason; the contract rejects and keeps it."""
    return {**dict.fromkeys(COLUMNS), "row_number": row_number, "parse_error": reason}


def observed_on(payload: Payload) -> str:
    """The payload's day. Raises SourceError where it has none."""
    if payload.observed_on is None:
        raise SourceError(payload.source_id, f"{payload.origin} has no date.", "A payload of prices needs its day.")
    return payload.observed_on


def counted(payload: Payload, census: Callable[[Payload], Mapping[str, int]]) -> Payload:
    """The payload with what a connector counted in it among its metadata: rows that have no contract row, too."""
    counts = {name: str(count) for name, count in census(payload).items()}
    return dataclasses.replace(payload, metadata={**payload.metadata, **counts})


def frame(rows: Iterable[Row]) -> pl.DataFrame:
    """The rows as text, in the contract's columns."""
    return pl.DataFrame([_as_text(row) for row in rows], schema=SCHEMA, orient="row")


def table(payload: Payload, content: bytes, needs: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str] | str]]:
    """The records of a CSV with a header: place (1-based) and fields by name, or the reason why one has none.

    Raises SourceError where it is not UTF-8, has no record, or lacks a column of `needs`.
    """
    remedy = f"Compare its layout with sources/gpu_rental/{payload.source_id}.py."
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(payload.source_id, f"{payload.origin} is not UTF-8 (byte {error.start}).", remedy) from error
    records = csv.reader(io.StringIO(text, newline=""))
    number = 0
    try:
        header = next(records, [])
        missing = [name for name in needs if name not in header]
        if missing:
            raise SourceError(payload.source_id, f"{payload.origin} has no column {', '.join(missing)}.", remedy)
        for record in records:
            if not record:
                continue
            number += 1
            if len(record) == len(header):
                yield number, dict(zip(header, record, strict=True))
            else:
                yield number, f"{len(record)} fields where the header has {len(header)}"
    except csv.Error as error:
        raise SourceError(payload.source_id, f"{payload.origin} is no readable CSV ({error}).", remedy) from error
    if number == 0:
        raise SourceError(payload.source_id, f"{payload.origin} holds a header and no rows.", remedy)


def one_per_item(rows: Iterable[Row], several: str) -> Iterator[Row]:
    """Rows of one item as one row: the lowest price, with the range where prices differ.

    `several` names what was merged, for the note ("zones of the region"). Rows without a readable positive price stay
    as they are, each by itself, so that the contract can say why they are refused.
    """
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        priced = row["parse_error"] is None and number(row["price"]) > 0
        key = tuple(row[name] for name in ITEM) if priced else ("alone", row["row_number"], row["commitment"])
        groups.setdefault(key, []).append(row)
    for members in groups.values():
        first = min(members, key=lambda row: number(row["price"]))
        highest = max(members, key=lambda row: number(row["price"]))
        if len(members) == 1:
            yield first
            continue
        merged = {**first, "row_number": min(row["row_number"] for row in members)}
        if number(highest["price"]) > number(first["price"]):
            merged |= {"price_low": first["price"], "price_high": highest["price"]}
        merged["note"] = "; ".join(part for part in (first["note"], f"{len(members)} {several}") if part)
        yield merged


def number(text: object) -> float:
    """A figure as a number; -1 where the text is no finite one, which no price and no count ever is."""
    try:
        figure = float(str(text))
    except ValueError:
        return -1.0
    return figure if math.isfinite(figure) else -1.0


def _as_text(row: Row) -> Row:
    return {
        name: value if value is None or SCHEMA[name] == pl.Int64 else str(value)
        for name, value in ((name, row[name]) for name in COLUMNS)
    }
