"""What one model's price records of genai-prices say: which figure held from when to when.

A model has either one set of prices or a list of records, oldest first, of which the last whose condition holds
speaks. A condition is a start date or hours of the day. Beside them stand variants (batch, flex, ...), newest first.

Dates. A record with a start date holds from that day. A record without one holds on the day it was read; where a
dated record has replaced it, on the day before that one began: its own start lies earlier, is not known, and none
is invented. A figure that the next record repeats goes on: a record is not a change.

Hours. Where prices change with the hour, the dearer set is `standard` and the cheaper one `off_peak` (DeepSeek's
own words: for its V3 models the unconditional record is the discount). An undated record that dated ones replaced
stood before anything was said about hours and is `standard`.

Not here: reading the payload, units, canonical names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What a variant's condition says about processing; any other condition names a route and becomes the tier.
PROCESSING = {
    ("processing", "batch"): "batch",
    ("service_tier", "flex"): "flex",
    ("service_tier", "priority"): "priority",
    ("service_tier", "fast"): "fast",
    ("service_tier", "default"): "standard",
    ("speed", "fast"): "fast",
}
START_UNKNOWN = "true start unknown: undated record"
DAY = dt.timedelta(days=1)


@dataclass
class Spell:
    """One figure of a model: `price_key` and `amount` as stated, in force from `start` until `end` (exclusive)."""

    price_key: str
    processing: str
    tier: str
    amount: str
    start: dt.date
    end: dt.date | None
    note: str | None

    def last_held(self, read_on: dt.date) -> dt.date:
        """The last day on which a reader of that day knows it to have held; an announced one was seen that day."""
        return read_on if self.end is None or self.end > read_on else self.end - DAY


@dataclass(frozen=True)
class Record:
    """One set of prices and its condition."""

    start: dt.date | None
    hours: str | None
    prices: Mapping[str, Any]


def spells(model: Mapping[str, Any], read_on: dt.date) -> Iterator[Spell]:
    """Every figure of a model as spells. Raises ValueError on a condition or a price of an unknown form."""
    stated = model.get("prices") or []
    records = [_record(item) for item in ([{"prices": stated}] if isinstance(stated, Mapping) else stated)]
    by_hour = [record for record in records if record.hours]
    always = [record for record in records if not record.hours]
    if by_hour:
        dearest = max(by_hour, key=lambda record: _level(record.prices))
        hours = ", ".join(str(record.hours) for record in by_hour)
        if always and _level(always[-1].prices) > _level(dearest.prices):
            yield from _spells(by_hour[-1:], "off_peak", "base", read_on, hours)
            yield from _spells(always, "standard", "base", read_on)
        else:
            yield from _spells([dearest], "standard", "base", read_on, hours)
            replaced = [always[0]] if len(always) > 1 and always[0].start is None else []
            yield from _spells(always, "off_peak", "base", read_on, before_hours=replaced)
    else:
        yield from _spells(always, "standard", "base", read_on)
    variants: dict[tuple[str, str], list[Record]] = {}
    for variant in model.get("price_variants") or []:
        if variant["prices"]:
            variants.setdefault(_offer(variant["when"]), []).append(_record(variant))
    for (processing, tier), listed in variants.items():
        yield from _spells(listed[::-1], processing, tier, read_on)


def _record(item: Mapping[str, Any]) -> Record:
    condition = item.get("constraint") or {}
    if not isinstance(item["prices"], Mapping):
        raise ValueError(f"prices of an unknown form: {item['prices']!r}")
    if not condition:
        return Record(None, None, item["prices"])
    if set(condition) == {"start_date"}:
        return Record(dt.date.fromisoformat(condition["start_date"]), None, item["prices"])
    if set(condition) == {"start_time", "end_time"}:
        return Record(None, f"UTC {condition['start_time'][:5]} to {condition['end_time'][:5]}", item["prices"])
    raise ValueError(f"a condition of an unknown form: {dict(condition)!r}")


def _offer(when: Mapping[str, str]) -> tuple[str, str]:
    if len(when) == 1:
        ((key, value),) = when.items()
        if (key, value) in PROCESSING:
            return PROCESSING[key, value], "base"
        return "standard", f"{key} {value}"
    raise ValueError(f"a variant of an unknown form: {dict(when)!r}")


def _level(prices: Mapping[str, Any]) -> float:
    return sum(float(amount) for price in prices.values() for _, amount in _tiers(price, "base"))


def _spells(
    records: Sequence[Record],
    processing: str,
    tier: str,
    read_on: dt.date,
    hours: str | None = None,
    before_hours: Sequence[Record] = (),
) -> Iterator[Spell]:
    """Records of one offer, oldest first, as spells: a figure the next record repeats is carried on."""
    # A record without a condition hides whatever stands before it.
    bare = max((i for i, record in enumerate(records) if record.start is None), default=0)
    records = sorted(records[bare:], key=lambda record: record.start or dt.date.min)
    open_spells: dict[tuple[str, str], Spell] = {}
    for position, record in enumerate(records):
        end = records[position + 1].start if position + 1 < len(records) else None
        start, note = record.start, None
        if start is None:
            start = end - DAY if end and end <= read_on else read_on
            note = START_UNKNOWN if hours is None else f"{START_UNKNOWN}; {hours}"
        offer = "standard" if record in before_hours else processing
        held, open_spells = open_spells, {}
        for price_key, price in record.prices.items():
            for level, amount in _tiers(price, tier):
                earlier = held.get((price_key, level))
                if earlier and (earlier.amount, earlier.processing, earlier.end) == (amount, offer, start):
                    earlier.end = end
                    open_spells[price_key, level] = held.pop((price_key, level))
                else:
                    spell = Spell(price_key, offer, level, amount, start, end, note)
                    open_spells[price_key, level] = spell
        yield from held.values()
    yield from open_spells.values()


def _tiers(price: Any, tier: str) -> Iterator[tuple[str, str]]:
    """A price by context tier: the base price, and what tokens cost once the prompt is longer than `start`."""
    if isinstance(price, Mapping):
        yield tier, str(price["base"])
        for step in price["tiers"]:
            label = f"above_{step['start']}"
            yield (label if tier == "base" else f"{tier} {label}"), str(step["price"])
    elif price is not None:
        yield tier, str(price)
