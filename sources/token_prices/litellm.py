"""LiteLLM's price map (MIT): some 4,500 entries of models at 150 sellers, edited by its users.

Unit: USD per token; a few keys count other things (pictures, seconds, characters, queries) and go on with their own
unit, which the contract turns away. Databricks' own units (DBU) go on as their own currency. A key that looks like a
price and is known to nobody here gives a row that says so; a null is no price. Multipliers for regions and service
speeds are no prices and make none. `deprecation_date` is the day a model is no longer served: it ends its prices.

The format example `sample_spec` goes on like any entry and is refused by the contract. A key that stands twice is
read twice: see price_rows.settled. `tiered_pricing` and `off_peak_pricing` are read as LiteLLM's documentation
explains them; off-peak is what the map calls so.

Not here: which figures are unit errors (the map is known for them: the contract and staging judge), canonical names.
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
from sources.payload import Payload
from sources.registry import SourceSpec
from sources.token_prices.price_rows import (
    PER_TOKEN,
    TOKENS,
    Object,
    Quote,
    document,
    fetched,
    frame,
    joined,
    tokens,
)

LAYOUT = "an object of model keys, each with litellm_provider and costs per token"

_MODALITY = {
    f"{way}_cost_per_{modality}_token": f"{way}_{modality}"
    for way in ("input", "output")
    for modality in ("audio", "image", "video")
}
KINDS = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "output_cost_per_reasoning_token": "output_reasoning",
    "citation_cost_per_token": "output_citation",
    "cache_read_input_token_cost": "cached_input",
    "input_cost_per_token_cache_hit": "cached_input",
    "cache_read_input_audio_token_cost": "cached_audio",
    "cache_read_input_image_token_cost": "cached_image",
    "cache_creation_input_token_cost": "cache_write",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "cache_creation_input_token_cost_above_12hr": "cache_write_12h",
    "cache_creation_input_audio_token_cost": "cache_write_audio",
    **_MODALITY,
}
# Written to a cache on request; the read of it is priced apart from the automatic one.
EXPLICIT_CACHE = "explicit_cache_read_input_token_cost"
DBU = {"input_dbu_cost_per_token": "input", "output_dbu_cost_per_token": "output"}
PROCESSING = {"batches": "batch", "batch_requests": "batch", "flex": "flex", "priority": "priority"}
# Speeds a seller names and genai-prices does not: an option priced apart, told in the tier.
SERVICE_TIERS = ("ultrafast", "balanced", "decisions")

_SPEEDS = "|".join((*PROCESSING, *SERVICE_TIERS))
_SUFFIX = re.compile(f"_({_SPEEDS})$")
# The length stands before the speed or after it.
_ABOVE = re.compile(rf"_above_{TOKENS}_tokens(?=_(?:{_SPEEDS})$|$)", re.IGNORECASE)
_OTHER_UNIT = re.compile(r"^(?:(input|output)_)?(?:\w+_)?cost_per_(\w[\w.]*)$")
_LOOKS_LIKE_A_PRICE = re.compile("cost|pric|usd|(^|_)fee|per_(token|mtok|million)|_rate$", re.IGNORECASE)


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload]:
    """Today's map. Raises SourceError where it is no JSON object."""
    payload = fetched(spec, client)
    document(payload, LAYOUT)
    yield payload


def parse(payload: Payload) -> pl.DataFrame:
    """One row per model key, kind of price, processing and tier; one row with its reason where one cannot be read.

    Raises SourceError where the payload as a whole is no such map.
    """
    entries = document(payload, LAYOUT).pairs
    return frame(payload, (quote for key, entry in entries for quote in _quotes(key, entry)), grade="B")


def _quotes(key: str, entry: Any) -> Iterator[Quote]:
    if not isinstance(entry, Object):
        yield Quote(None, key, error=f"{key} is no entry but {json.dumps(entry)[:80]}")
        return
    try:
        provider = entry.one("litellm_provider")
        ends = entry.one("deprecation_date")
    except ValueError as error:
        yield Quote(None, key, error=f"{key}: {error}")
        return
    whose = Quote(
        provider=provider if isinstance(provider, str) else None,
        model=key,
        end=_day(ends),
        note=None if ends is None else f"deprecation_date {ends}",
    )
    yield from _priced(entry, whose)
    for name, value in entry.pairs:
        if name == "tiered_pricing":
            yield from _tiered(value, whose)
        elif name == "off_peak_pricing":
            yield from _off_peak(value, whose)


def _day(stated: Any) -> dt.date | None:
    """A day as the map writes it; none where it states none that can be read (the note keeps its words)."""
    try:
        return dt.date.fromisoformat(stated) if isinstance(stated, str) else None
    except ValueError:
        return None


def _priced(prices: Object, whose: Quote) -> Iterator[Quote]:
    """What an object's own keys state, those of one level."""
    for key, value in prices.pairs:
        if key in ("tiered_pricing", "off_peak_pricing") or value is None or not _LOOKS_LIKE_A_PRICE.search(key):
            continue
        quote = _read(key, whose)
        if quote is None:
            yield replace(whose, amount=value, error=f"{whose.model}: a price of an unknown kind ({key})")
        elif isinstance(value, Object) and quote.unit != PER_TOKEN:
            # Prices of something else by option (a search's context size): each with its own row.
            for option, amount in value.pairs:
                yield replace(quote, amount=amount, tier=f"option {option}")
        else:
            yield replace(quote, amount=value)


def _read(key: str, whose: Quote) -> Quote | None:
    """What a key prices; null where its form is not known."""
    above = _ABOVE.search(key)
    rest = key if above is None else f"{key[: above.start()]}{key[above.end() :]}"
    processing, tier = "standard", ""
    if speed := _SUFFIX.search(rest):
        rest = rest[: speed.start()]
        processing = PROCESSING.get(speed[1], "standard")
        tier = "" if speed[1] in PROCESSING else f"service_tier {speed[1]}"
    if above:
        tier = f"{tier} above_{tokens(above[1], above[2])}".strip()
    if rest == EXPLICIT_CACHE:
        rest, tier = "cache_read_input_token_cost", f"cache explicit {tier}".strip()
    if rest in DBU:
        return replace(whose, kind=DBU[rest], processing=processing, tier=tier or "base", currency="DBU")
    if rest in KINDS:
        return replace(whose, kind=KINDS[rest], processing=processing, tier=tier or "base")
    other = _OTHER_UNIT.match(rest)
    if other is None or "token" in other[2]:
        return None
    # The key itself is the kind: two keys of one unit are still two things ("ocr" and "annotation" per page).
    return replace(whose, kind=rest, unit=f"usd_per_{other[2]}", processing=processing, tier=tier or "base")


def _tiered(steps: Any, whose: Quote) -> Iterator[Quote]:
    """Prices by length of the prompt: a step holds from the first number of its `range` on."""
    if not isinstance(steps, list):
        yield replace(whose, error=f"{whose.model}: tiered_pricing is no list")
        return
    for step in steps:
        try:
            lowest, ranged = _lowest(step)
        except (ValueError, TypeError, OverflowError) as error:
            yield replace(whose, error=f"{whose.model}: a step of tiered_pricing of an unknown form ({error})")
            continue
        tier = "base" if lowest == 0 else f"above_{lowest}" if ranged == "range" else f"{ranged} {lowest}"
        for quote in _priced(step, whose):
            if quote.error is None and quote.tier.startswith("above_"):
                yield replace(quote, error=f"{whose.model}: {quote.kind} has a tier within a tier")
            else:
                yield replace(
                    quote, tier=tier if quote.tier == "base" else f"{quote.tier} {tier}".removesuffix(" base")
                )


def _lowest(step: Any) -> tuple[int, str]:
    if not isinstance(step, Object):
        raise ValueError(f"{json.dumps(step)[:80]}")
    ranged = next((name for name in ("range", "max_results_range") if name in step), None)
    if ranged is None:
        raise ValueError("no range")
    bounds = step.one(ranged)
    if not isinstance(bounds, list) or len(bounds) != 2 or isinstance(bounds[0], bool) or int(bounds[0]) != bounds[0]:
        raise ValueError(f"{ranged} {json.dumps(bounds)[:80]}")
    return int(bounds[0]), ranged


def _off_peak(prices: Any, whose: Quote) -> Iterator[Quote]:
    """Prices of the hours the map calls off-peak."""
    if not isinstance(prices, Object):
        yield replace(whose, error=f"{whose.model}: off_peak_pricing is no object")
        return
    hours = json.dumps(prices.get("windows", prices.get("hours_utc")))
    for quote in _priced(prices, replace(whose, note=joined(whose.note, f"off-peak hours (UTC): {hours}"))):
        if quote.error is None and quote.processing != "standard":
            yield replace(quote, error=f"{whose.model}: {quote.kind} is both off-peak and {quote.processing}")
        else:
            yield replace(quote, processing="off_peak")
