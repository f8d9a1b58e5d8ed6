"""llm-prices (Simon Willison): list prices of some 150 models at the labs, two files: what holds, and what held.

Unit: USD per million tokens. `from_date` is the first day of a price and `to_date` the first day without it. A record
without a `from_date` began on a day nobody states: while it is in force it holds from the day it was read; once
ended, it is known of the day before its end alone. A name that ends in ">200k" prices prompts longer than that.

Not here: the models' canonical names; the file's own terms (see source.yml: the project states no licence).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec
from sources.token_prices.genai_records import START_UNKNOWN
from sources.token_prices.price_rows import DAY, PER_MTOK, TOKENS, Object, Quote, document, fetched, frame, tokens

LAYOUT = "an object whose `prices` lists records, each with id, vendor, input and output"
KINDS = {"input": "input", "output": "output", "input_cached": "cached_input"}
FIRST_YEAR = 2018  # no token was sold before; an older day stands for none
LABELS = ("id", "vendor", "name", "from_date", "to_date")

_ABOVE = re.compile(rf">\s*{TOKENS}\b", re.IGNORECASE)


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload]:
    """Today's file. Raises SourceError where it lists no prices."""
    payload = fetched(spec, client)
    _records(payload)
    yield payload


def parse(payload: Payload) -> pl.DataFrame:
    """One row per record and kind of token; one row with its reason where one cannot be read.

    Raises SourceError where the payload as a whole lists no prices.
    """
    read_on = dt.date.fromisoformat(str(payload.observed_on))
    return frame(payload, (quote for record in _records(payload) for quote in _quotes(record, read_on)), grade="B")


def _records(payload: Payload) -> list[Any]:
    records = document(payload, LAYOUT).get("prices")
    if not isinstance(records, list) or not records:
        raise SourceError(payload.source_id, f"{payload.origin} lists no prices.", f"Expected {LAYOUT}.")
    return records


def _quotes(record: Any, read_on: dt.date) -> Iterator[Quote]:
    if not isinstance(record, Object):
        yield Quote(None, None, error=f"a record is {json.dumps(record)[:80]}")
        return
    try:
        vendor, label, name = (_label(record.one(key), key) for key in ("vendor", "id", "name"))
        start, end = (_day(record.one(key), key) for key in ("from_date", "to_date"))
    except ValueError as error:
        yield Quote(None, None, error=f"{json.dumps(record.get('id'))[:80]}: {error}")
        return
    above = _ABOVE.search(name or "")
    note = None
    if start is None and end is not None:
        # Announced to end: in force when read. Ended: all that is known is the day before its end.
        start, note = (end - DAY if end <= read_on else None), START_UNKNOWN
    whose = Quote(
        vendor,
        label,
        unit=PER_MTOK,
        tier=f"above_{tokens(above[1], above[2])}" if above else "base",
        name=name,
        start=start,
        end=end,
        note=note,
    )
    for key, value in record.pairs:
        if key in LABELS or value is None:
            continue
        if key in KINDS:
            yield replace(whose, kind=KINDS[key], amount=value)
        else:
            yield replace(whose, amount=value, error=f"{label}: a price of an unknown kind ({key})")


def _label(value: Any, key: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"{key} is {json.dumps(value)[:80]}")


def _day(value: Any, key: str) -> dt.date | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{key} is {json.dumps(value)[:80]}")
    day = dt.date.fromisoformat(value)
    if day.year < FIRST_YEAR:
        raise ValueError(f"{key} is {value}")
    return day
