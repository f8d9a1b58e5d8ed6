"""models.dev's list (MIT): some 5,300 models at 150 sellers, from files its users write.

Unit: USD per million tokens, though single entries are known to stand in other units (the contract and staging
judge). A model without a cost has no row. Plans paid by the month stand at zero: passed on, judged in staging. Prices
by length of the prompt stand in `tiers`, and the first such form in `context_over_200k` and the like; a mode of a model
(fast, priority, ...) with a cost of its own is a way of processing.

Read is api.json as published, and the flat form ("seller/model": entry) in which captures of its repository are kept.

Not here: the release days it states (recorded once, sources/recorders/token_models.py), canonical names.
"""

from __future__ import annotations

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
from sources.token_prices.price_rows import PER_MTOK, TOKENS, Object, Quote, document, fetched, frame, tokens

LAYOUT = "an object of sellers, each with an object `models`"

KINDS = {
    "input": "input",
    "output": "output",
    "reasoning": "output_reasoning",
    "cache_read": "cached_input",
    "cache_write": "cache_write",
    "input_audio": "input_audio",
    "output_audio": "output_audio",
    # Three keys its schema does not name; each says what it is, and its entries' other prices agree.
    "cached_input": "cached_input",
    "cached_write": "cache_write",
    "citation": "output_citation",
}
OTHER_UNITS = {"request": "usd_per_kilorequest", "image": "usd_per_unstated"}
_OVER = re.compile(f"context_over_{TOKENS}", re.IGNORECASE)
MODES = {"fast": "fast", "flex": "flex", "priority": "priority", "batch": "batch"}


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload]:
    """Today's list. Raises SourceError where it is no list of sellers with models."""
    payload = fetched(spec, client)
    _models(payload)
    yield payload


def parse(payload: Payload) -> pl.DataFrame:
    """One row per seller, model, kind of price, processing and tier; one row with its reason where one is unreadable.

    Raises SourceError where the payload as a whole is no such list.
    """
    quotes = (quote for seller, label, model in _models(payload) for quote in _quotes(seller, label, model))
    return frame(payload, quotes, grade="B")


def _models(payload: Payload) -> list[tuple[str, str | None, Any]]:
    """Seller, model and entry of each; model is null where a seller's own entry cannot be read."""
    found: list[tuple[str, str | None, Any]] = []
    for key, entry in document(payload, LAYOUT).pairs:
        models = entry.get("models") if isinstance(entry, Object) else None
        seller, slash, label = key.partition("/")
        if isinstance(models, Object):
            # A key that stands twice is read twice, on either level.
            for listed in (value for name, value in entry.pairs if name == "models" and isinstance(value, Object)):
                found += [(key, model, value) for model, value in listed.pairs]
        elif slash and isinstance(entry, Object) and "cost" in entry:
            found.append((seller, label, entry))
        else:
            found.append((key, None, entry))
    if not any(label for _, label, _ in found):
        raise SourceError(payload.source_id, f"{payload.origin} lists no models.", f"Expected {LAYOUT}.")
    return found


def _quotes(seller: str, label: str | None, model: Any) -> Iterator[Quote]:
    if label is None or not isinstance(model, Object):
        yield Quote(seller, label, error=f"{seller} {label or ''}: no models but {json.dumps(model)[:80]}")
        return
    name, status = model.get("name"), model.get("status")
    whose = Quote(
        seller,
        label,
        unit=PER_MTOK,
        name=name if isinstance(name, str) else None,
        note=f"status {status}" if isinstance(status, str) else None,
    )
    for key, cost in model.pairs:
        if key == "cost" and cost is not None:
            yield from _costs(cost, whose)
    experimental = model.get("experimental")
    modes = experimental.get("modes") if isinstance(experimental, Object) else None
    for mode, entry in modes.pairs if isinstance(modes, Object) else []:
        if isinstance(entry, Object) and entry.get("cost") is not None:
            if mode in MODES:
                offered = replace(whose, processing=MODES[mode])
            else:
                offered = replace(whose, tier=f"mode {''.join(mode.split())}")
            yield from _costs(entry["cost"], offered)


def _costs(cost: Any, whose: Quote) -> Iterator[Quote]:
    if not isinstance(cost, Object):
        yield replace(whose, error=f"{whose.model}: cost is {json.dumps(cost)[:80]}")
        return
    for key, value in cost.pairs:
        if value is None or key == "tier":
            continue
        if key == "tiers":
            yield from _tiers(value, whose)
        elif over := _OVER.fullmatch(key):
            yield from _costs(value, _above(whose, tokens(over[1], over[2])))
        elif key in KINDS:
            yield replace(whose, kind=KINDS[key], amount=value)
        elif key in OTHER_UNITS:
            yield replace(whose, kind=key, amount=value, unit=OTHER_UNITS[key])
        else:
            yield replace(whose, amount=value, error=f"{whose.model}: a price of an unknown kind ({key})")


def _tiers(steps: Any, whose: Quote) -> Iterator[Quote]:
    for step in steps if isinstance(steps, list) else [steps]:
        condition = step.get("tier") if isinstance(step, Object) else None
        size = condition.get("size") if isinstance(condition, Object) else None
        known = isinstance(condition, Object) and condition.get("type", "context") == "context"
        if not known or isinstance(size, bool) or not isinstance(size, int) or size < 0:
            yield replace(whose, error=f"{whose.model}: a tier of an unknown form ({json.dumps(condition)[:80]})")
        else:
            yield from _costs(step, _above(whose, size))


def _above(whose: Quote, size: int) -> Quote:
    return replace(whose, tier=f"{whose.tier} above_{size}".removeprefix("base "))
