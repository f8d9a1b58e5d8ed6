"""Contract rows out of a list of what is rented today, JSON or CSV: what every live rental connector does the same way.

A list shows what holds when it is looked at: its rows are valid, known and last observed on that day, or on the one a
row names. Values stand as text, as the publisher wrote them; the contract reads and judges them. Folding such looks
into runs is staging's.

Not here: which field of which publisher means what (its own module), canonical names, conversion, judgment.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from sources import json_text
from sources.checked_rows import known_keys
from sources.errors import SourceError
from sources.gpu_rental.contract import CONTRACTS, ITEM
from sources.payload import Payload

Row = dict[str, Any]

# Rows of one list that agree in these are one offer.
SAME = (*ITEM, "currency", "valid_from")

GPU_WITHOUT_MACHINE = "usd_per_gpus_without_machine_hour"
COLUMNS = ("row_number", *CONTRACTS["observation"].dtypes, "parse_error")
SCHEMA = {name: pl.Int64 if name in ("row_number", "observation_count") else pl.String for name in COLUMNS}


def seen_today(payload: Payload, **values: Any) -> Row:
    """A row that holds on the day of the payload, or on its own `last_observed`.

    Raises SourceError where neither is there though the row can be read, or where a key of `values` is no column.
    """
    known_keys(values, COLUMNS, payload.source_id)
    day = values.get("last_observed", payload.observed_on)
    if day is None and not values.get("parse_error"):
        raise SourceError(payload.source_id, f"{payload.origin} has no date.", "A payload of prices needs its day.")
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


def frame(rows: Iterable[Row]) -> pl.DataFrame:
    """Rows as seen_today makes them, as text in the contract's columns."""
    return pl.DataFrame([_as_text(row) for row in rows], schema=SCHEMA, orient="row")


def numbered(payload: Payload, rows: Iterable[Mapping[str, Any]], grade: str) -> pl.DataFrame:
    """The frame of rows that say what differs alone, numbered in their order, under one citation.

    Raises SourceError as seen_today does.
    """
    day = payload.observed_on
    common = {"grade": grade, "citation": f"{payload.origin} read {day}" if day else payload.origin}
    return frame(
        seen_today(payload, **{**common, **row, "row_number": place}) for place, row in enumerate(rows, start=1)
    )


def observed_on(payload: Payload) -> str:
    """The payload's day. Raises SourceError where it has none."""
    if payload.observed_on is None:
        raise SourceError(payload.source_id, f"{payload.origin} has no date.", "A payload of prices needs its day.")
    return payload.observed_on


def counted(payload: Payload, census: Callable[[Payload], Mapping[str, int]]) -> Payload:
    """The payload with what a connector counted in it among its metadata: rows that have no contract row, too."""
    counts = {name: str(count) for name, count in census(payload).items()}
    return dataclasses.replace(payload, metadata={**payload.metadata, **counts})


def document(payload: Payload) -> Any:
    """The payload as JSON. Raises SourceError where it is none, or names a key twice in one object."""
    try:
        return json_text.loads(payload.content, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise SourceError(payload.source_id, f"{payload.origin} is no sound JSON ({error}).", "Ask again.") from error


def part(value: Any, kind: type, what: str, payload: Payload) -> Any:
    """`value`, where it is a filled list or object as documented. Raises SourceError where it is not."""
    if not isinstance(value, kind) or not value:
        raise SourceError(
            payload.source_id,
            f"{payload.origin} has no {what}.",
            "An empty or changed answer is no list of prices: compare it with the connector's docstring.",
        )
    return value


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
        priced = row["parse_error"] is None and finite(row["price"]) > 0
        key = tuple(row[name] for name in SAME) if priced else ("alone", row["row_number"], row["commitment"])
        groups.setdefault(key, []).append(row)
    for members in groups.values():
        first = min(members, key=lambda row: finite(row["price"]))
        highest = max(members, key=lambda row: finite(row["price"]))
        if len(members) == 1:
            yield first
            continue
        merged = {**first, "row_number": min(row["row_number"] for row in members)}
        if finite(highest["price"]) > finite(first["price"]):
            merged |= {"price_low": first["price"], "price_high": highest["price"]}
        merged["note"] = "; ".join(part for part in (first["note"], f"{len(members)} {several}") if part)
        yield merged


def text(value: Any) -> str | None:
    """A value as the contract reads it; a list or an object in its place stays visible and breaks the field's rule."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def number(value: Any) -> float | None:
    """A JSON number, or None for anything else; true and false are no numbers."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def finite(text: object) -> float:
    """A figure as a number; -1 where the text is no finite one, which no price and no count ever is."""
    try:
        figure = float(str(text))
    except ValueError:
        return -1.0
    return figure if math.isfinite(figure) else -1.0


def _as_text(row: Row) -> Row:
    return {name: row[name] if SCHEMA[name] == pl.Int64 else text(row[name]) for name in COLUMNS}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = sorted({name for name, _ in pairs if [other for other, _ in pairs].count(name) > 1})
        raise ValueError(f"key {', '.join(twice)} stands twice in one object")
    return found
