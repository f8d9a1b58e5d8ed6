"""Contract rows out of a JSON list of what is rented today: what every live rental connector does the same way.

Values stand as text, as the publisher wrote them; the contract reads and judges them. Not here: which field of which
publisher means what (each publisher's module).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from sources import json_text
from sources.errors import SourceError
from sources.gpu_rental.contract import CONTRACTS
from sources.payload import Payload

Row = Mapping[str, Any]
_COLUMNS = (*CONTRACTS["observation"].dtypes, "parse_error")


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


def frame(payload: Payload, rows: Iterable[Row], grade: str) -> pl.DataFrame:
    """Rows as a frame of text, numbered; each was seen on the payload's day unless it names another.

    Raises SourceError where neither names a day.
    """
    day = payload.observed_on
    common = {
        "currency": "USD",
        "known_basis": "first_seen",
        "observation_count": 1,
        "grade": grade,
        "citation": f"{payload.origin} read {day}" if day else payload.origin,
    }
    found = []
    for row in rows:
        seen = row.get("last_observed", day)
        if seen is None and not row.get("parse_error"):
            raise SourceError(payload.source_id, f"{payload.origin} has no date.", "A payload of prices needs its day.")
        dated = {"valid_from": seen, "known_from": seen, "last_observed": seen}
        found.append([text({**common, **dated, **row}.get(name)) for name in _COLUMNS])
    made = pl.DataFrame(found, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")
    return made.with_row_index("row_number", offset=1)


def text(value: Any) -> str | None:
    """A value as the contract reads it; a list or an object in its place stays visible and breaks the field's rule."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def number(value: Any) -> float | None:
    """A JSON number, or None for anything else; true and false are no numbers."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = sorted({name for name, _ in pairs if [other for other, _ in pairs].count(name) > 1})
        raise ValueError(f"key {', '.join(twice)} stands twice in one object")
    return found
