"""OpenRouter's model list, live: the headline price of every text route, as its seller states it.

Unit: USD per token, written as text. A route's headline price is not the lab's list price. Prices per request,
picture and search go on with their own unit, which the contract turns away; -1 ("varies", on its routers) it turns
away by its sign. A key nobody here knows gives a row that says so.

Overrides. A price from a length of the prompt on is a tier (`min_prompt_tokens` N: above_N); what an override leaves
out stays as it is. Where prices change with the hour, the dearer set is `standard` and the cheaper one `off_peak`, as
genai_records.py has it; a set between the two is an option of its own. `expiration_date` says when a model may be
removed: a note, not the end of its price.

Not here: what a zero means, which routes are one model, and that a route ends when the list drops it (staging).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec
from sources.token_prices.price_rows import Object, Quote, document, fetched, frame, joined

LAYOUT = "an object whose `data` lists models, each with id and pricing"
PROVIDER = "openrouter"

KINDS = {
    "prompt": "input",
    "completion": "output",
    "internal_reasoning": "output_reasoning",
    "input_cache_read": "cached_input",
    "input_cache_write": "cache_write",
    "input_cache_write_1h": "cache_write_1h",
    "audio": "input_audio",
    "audio_output": "output_audio",
    "input_audio_cache": "cached_audio",
    "image_token": "input_image",
}
OTHER_UNITS = {
    "request": "usd_per_request",
    "image": "usd_per_image",
    "image_output": "usd_per_image",
    "web_search": "usd_per_search",
}
CONDITIONS = ("min_prompt_tokens", "utc_start", "utc_end", "utc_days")
# A share taken off what is charged; the prices beside it are the list's.
NO_PRICE = ("overrides", "discount")


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload]:
    """Today's list. Raises SourceError where it is no list of models."""
    payload = fetched(spec, client)
    _models(payload)
    yield payload


def parse(payload: Payload) -> pl.DataFrame:
    """One row per route, kind of price, processing and tier; one row with its reason where one cannot be read.

    Raises SourceError where the payload as a whole is no list of models.
    """
    return frame(payload, (quote for model in _models(payload) for quote in _quotes(model)), grade="A")


def _models(payload: Payload) -> list[Any]:
    models = document(payload, LAYOUT).get("data")
    if not isinstance(models, list) or not models:
        raise SourceError(payload.source_id, f"{payload.origin} lists no models.", f"Expected {LAYOUT}.")
    return models


def _quotes(model: Any) -> Iterator[Quote]:
    label = model.get("id") if isinstance(model, Object) else None
    if not isinstance(model, Object) or not isinstance(label, str):
        yield Quote(PROVIDER, None, error=f"a model without an id: {json.dumps(model)[:80]}")
        return
    try:
        label, pricing = model.one("id"), model.one("pricing")
        overrides = pricing.one("overrides") if isinstance(pricing, Object) else None
        discount = pricing.one("discount") if isinstance(pricing, Object) else None
    except ValueError as error:
        yield Quote(PROVIDER, label, error=f"{label}: {error}")
        return
    if pricing is None:
        return
    if not isinstance(pricing, Object):
        yield Quote(PROVIDER, label, error=f"{label}: pricing is {json.dumps(pricing)[:80]}")
        return
    notes = [
        f"{text} {model[key]}"
        for key, text in (("canonical_slug", "canonical slug"), ("expiration_date", "may be removed after"))
        if isinstance(model.get(key), str) and model[key] != label
    ]
    if discount not in (None, 0):
        notes.append(f"discount {json.dumps(discount)[:20]} stated beside it")
    name = model.get("name")
    whose = Quote(PROVIDER, label, name=name if isinstance(name, str) else None, note=joined(*notes))
    base, unread = _prices(pricing, whose, NO_PRICE)
    yield from unread
    if overrides is None:
        yield from base
    elif isinstance(overrides, list):
        yield from _overridden(overrides, base, whose)
    else:
        yield from base
        yield replace(whose, error=f"{label}: overrides is {json.dumps(overrides)[:80]}")


def _prices(prices: Object, whose: Quote, skipped: tuple[str, ...]) -> tuple[list[Quote], list[Quote]]:
    """The quotes an object states, and rows for what cannot be read."""
    read, unread = [], []
    for key, value in prices.pairs:
        if key in skipped or value is None:
            continue
        if key in KINDS:
            read.append(replace(whose, kind=KINDS[key], amount=value))
        elif key in OTHER_UNITS:
            read.append(replace(whose, kind=key, amount=value, unit=OTHER_UNITS[key]))
        else:
            unread.append(replace(whose, amount=value, error=f"{whose.model}: a price of an unknown kind ({key})"))
    return read, unread


def _overridden(overrides: list[Any], base: list[Quote], whose: Quote) -> Iterator[Quote]:
    """The base prices and what holds under conditions: by length of the prompt, and for each length by hour."""
    stated: dict[int, list[Quote]] = {0: base}
    windows: dict[int, list[tuple[str, list[Quote]]]] = {}
    for override in overrides:
        try:
            longest, hours, read = _override(override, whose)
        except ValueError as error:
            yield replace(whose, error=f"{whose.model}: an override of an unknown form ({error})")
            continue
        if hours:
            windows.setdefault(longest, []).append((hours, read))
        else:
            # Of two entries that both apply the later one goes first, price by price.
            kinds = {quote.kind for quote in read}
            stated[longest] = [quote for quote in stated.get(longest, []) if quote.kind not in kinds] + read
    for longest in sorted({*stated, *windows}):
        tier = f"above_{longest}" if longest else "base"
        ground = {quote.kind: replace(quote, tier=tier) for quote in [*base, *stated.get(longest, [])]}
        own = [replace(quote, tier=tier) for quote in stated.get(longest, [])]
        yield from _by_hour(own, ground, windows.get(longest, []))


def _override(override: Any, whose: Quote) -> tuple[int, str, list[Quote]]:
    """From which length of the prompt on, in which hours (empty: always), which prices. Raises ValueError."""
    if not isinstance(override, Object):
        raise ValueError(json.dumps(override)[:80])
    read, unread = _prices(override, whose, CONDITIONS)
    if unread:
        # What the prices are of may hang on the key that nobody here knows.
        raise ValueError(f"keys {', '.join(override)}"[:120])
    longest = override.one("min_prompt_tokens") or 0
    if isinstance(longest, bool) or not isinstance(longest, int) or longest < 0:
        raise ValueError(f"min_prompt_tokens {json.dumps(longest)[:80]}")
    named = {key: override.one(key) for key in CONDITIONS[1:]}
    hours = ", ".join(f"{key} {json.dumps(value)}" for key, value in named.items() if value is not None)[:200]
    if not longest and not hours:
        raise ValueError("it names no condition")
    return longest, hours, read


def _by_hour(
    own: list[Quote], ground: Mapping[str | None, Quote], windows: list[tuple[str, list[Quote]]]
) -> Iterator[Quote]:
    """One length's prices. Where hours change some of them, the dearer set is standard, the cheaper one off-peak."""
    moving = {quote.kind for _, quotes in windows for quote in quotes}
    yield from (quote for quote in own if quote.kind not in moving)
    if not moving:
        return
    tier = next(iter(ground.values())).tier if ground else "base"
    sets = [("other hours", {kind: quote for kind, quote in ground.items() if kind in moving})]
    for hours, quotes in windows:
        sets.append((hours, sets[0][1] | {quote.kind: replace(quote, tier=tier) for quote in quotes}))
    levels = [_level(prices) for _, prices in sets]
    dearest, cheapest = max(levels), min(levels)
    for level, (hours, prices) in zip(levels, sets, strict=True):
        for quote in prices.values():
            noted = replace(quote, note=joined(quote.note, f"hours: {hours}"))
            if level == dearest:
                yield noted
            elif level == cheapest:
                yield replace(noted, processing="off_peak")
            else:
                between = f"hours {''.join(filter(str.isalnum, hours))} {tier}".removesuffix(" base")
                yield replace(noted, tier=between)


def _level(prices: Mapping[str | None, Quote]) -> float:
    """How dear a set of prices is; what is no number counts nothing here and is refused by the contract."""
    total = 0.0
    for quote in prices.values():
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            total += float(quote.amount)
    return total
