"""What the price lists read live have in common: a JSON document as it stands, and contract rows from its figures.

A list of today's prices says nothing about the past: a figure holds and is known from the day it was read, unless the
list dates it. Amounts go on as they are written, numbers and texts alike: the contract says what is no number.

Not here: which key of a publisher means which kind of token (its own module), units and names (staging).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from sources import json_text
from sources.client import Client
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec
from sources.token_prices.rows import SCHEMA

_TOKENS = {"": 1, "k": 1_000, "m": 1_000_000}
TOKENS = r"(\d+)([km]?)"
"""A number of tokens as lists write it in a name: 200k, 1m, 32000."""
PER_TOKEN = "usd_per_token"
PER_MTOK = "usd_per_mtok"
DAY = dt.timedelta(days=1)


class Object(dict[str, Any]):
    """A JSON object that remembers every pair: where a key stands twice, a plain dict keeps the last without a word."""

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        self.pairs = list(pairs)
        super().__init__(self.pairs)

    def one(self, key: str) -> Any:
        """The value of a key, null where it is absent. Raises ValueError where it stands twice and differs."""
        values = [value for name, value in self.pairs if name == key]
        if any(value != values[0] for value in values):
            raise ValueError(f"the key {key} stands {len(values)} times with different values")
        return values[0] if values else None


@dataclass(frozen=True)
class Quote:
    """One figure of a list: who charges for which model, what is counted, and the amount as it is written.

    `kind` and `unit` are the contract's where the figure is a price of tokens, else the publisher's own words, which
    the contract turns away. `start` and `end` are days the list itself gives. `error` says why it cannot be read.
    """

    provider: str | None
    model: str | None
    kind: str | None = None
    amount: Any = None
    unit: str = PER_TOKEN
    processing: str = "standard"
    tier: str = "base"
    name: str | None = None
    currency: str = "USD"
    start: dt.date | None = None
    end: dt.date | None = None
    note: str | None = None
    error: str | None = None

    @property
    def item(self) -> tuple[Any, ...]:
        """What the figure is a price of; a list that states two figures for one item contradicts itself."""
        return (self.provider, self.model, self.kind, self.processing, self.tier, self.unit, self.currency, self.start)


def fetched(spec: SourceSpec, client: Client) -> Payload:
    """The list as its publisher sends it today. Raises SourceError where it is no JSON (see Client.get)."""
    response = client.get(kind="json")
    return response.payload(spec.source_id)


def document(payload: Payload, layout: str) -> Object:
    """The payload as a JSON object. `layout` says in an error what was expected.

    Raises SourceError where it has no date, is no JSON, or is empty or no object.
    """
    remedy = f"Expected {layout}; where its publisher changed it, its module under sources/token_prices must follow."
    if payload.observed_on is None:
        raise SourceError(payload.source_id, f"{payload.origin} has no date.", "A payload of prices needs its day.")
    try:
        found = json_text.loads(payload.content, object_pairs_hook=Object)
    except (ValueError, RecursionError) as error:
        raise SourceError(payload.source_id, f"{payload.origin} cannot be read ({error}).", remedy) from error
    if not isinstance(found, Object) or not found:
        raise SourceError(payload.source_id, f"{payload.origin} is no JSON object with entries.", remedy)
    return found


def frame(payload: Payload, quotes: Iterable[Quote], grade: str) -> pl.DataFrame:
    """Contract rows of all quotes, what stands twice settled (see `settled`)."""
    read_on = dt.date.fromisoformat(str(payload.observed_on))
    citation = f"{payload.origin} read {read_on}"
    rows = [_row(quote, read_on, citation, grade) for quote in settled(quotes)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def settled(quotes: Iterable[Quote]) -> Iterator[Quote]:
    """One quote per item: figures that repeat each other become one, with a note; figures that differ are all refused.

    Which of two figures is right cannot be told from the list: each keeps its row and says what it contradicts.
    """
    by_item: dict[tuple[Any, ...], list[Quote]] = {}
    for quote in quotes:
        if quote.error is None:
            quote = replace(quote, error=_form(quote))
        if quote.error is not None:
            yield quote
        else:
            by_item.setdefault(quote.item, []).append(quote)
    for same in by_item.values():
        first = same[0]
        amounts = list(dict.fromkeys(_text(quote.amount) for quote in same))
        if len({(_number(_text(quote.amount)), quote.end) for quote in same}) > 1:
            reason = f"{first.model}: {first.kind} stands {len(same)} times, as {' and '.join(amounts)}"
            yield from (replace(quote, error=reason) for quote in same)
        elif len(same) > 1:
            yield replace(first, note=joined(first.note, f"stands {len(same)} times, alike"))
        else:
            yield first


def tokens(count: str, unit: str) -> int:
    """The number that the two groups of TOKENS stand for."""
    return int(count) * _TOKENS[unit.lower()]


def joined(*notes: str | None) -> str | None:
    """Notes in one text, null where there is none."""
    return "; ".join(note for note in notes if note) or None


def _form(quote: Quote) -> str | None:
    """Why a quote's amount is no figure at all, null where it may be one: text is left to the contract."""
    if isinstance(quote.amount, (dict, list)):
        return f"{quote.model}: {quote.kind} is no single figure ({json.dumps(quote.amount)[:80]})"
    return None


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _row(quote: Quote, read_on: dt.date, citation: str, grade: str) -> tuple[Any, ...]:
    has_ended = quote.end is not None and quote.end <= read_on
    seen = quote.end - DAY if quote.end and has_ended else read_on
    # Ended before it was read, and begun nobody knows when: all that is known is the day before its end.
    start = quote.start or seen
    return (
        quote.provider,
        quote.model,
        quote.name,
        quote.kind,
        quote.processing,
        quote.tier,
        None if quote.amount is None else _text(quote.amount),
        quote.unit,
        quote.currency,
        start,
        quote.end,
        read_on,
        "first_seen" if quote.start is None else "published",
        seen,
        1,
        grade,
        citation,
        quote.note,
        quote.error,
    )


def _text(amount: Any) -> str:
    """An amount as it stands: true and false are no numbers, though Python counts with them."""
    return json.dumps(amount) if isinstance(amount, (bool, dict, list)) else str(amount)
