"""The euro list behind a tracker's dollar prices: the moves of Scaleway's prices are the exchange rate's, exactly."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from pathlib import Path

from sources.recorders import rental_list_currency as recorder

CURATED = Path(__file__).parents[3] / "sources" / "gpu_rental" / "curated" / "gpu_rates_gpurentalprices.csv"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_seed_holds_the_banks_rates():
    stated = [tuple(row.values()) for row in read(recorder.SEED)]
    assert stated == [tuple(str(cell) for cell in row) for row in recorder.rows()]


def test_one_euro_price_stands_behind_every_offer():
    rates = {dt.date.fromisoformat(row["rate_date"]): float(row["usd_per_unit"]) for row in read(recorder.SEED)}
    offers = defaultdict(list)
    for row in read(CURATED):
        if row["provider_label"] == recorder.PROVIDER:
            day = dt.date.fromisoformat(row["valid_from"])
            before = max(one for one in rates if one < day)
            offers[row["gpu_label"], row["gpu_count"], row["commitment"]].append(
                (day, float(row["price"]), rates[before])
            )
    moving = [found for found in offers.values() if len(found) > 5]
    assert len(moving) >= 5
    for found in moving:
        # Printed to four decimals: half of the last one is the room there is. Once the tracker read after the bank's
        # afternoon, and took that day's rate.
        euros = {day: price / rate for day, price, rate in found if day != dt.date(2026, 8, 17)}
        assert len(euros) >= 20
        assert max(euros.values()) - min(euros.values()) <= 2 * 0.00005 + 1e-9
        late = [price / rates[day] for day, price, _ in found if day == dt.date(2026, 8, 17)]
        assert all(abs(euro - min(euros.values())) <= 2 * 0.00005 + 1e-9 for euro in late)
        dollars = [price for _, price, _ in found]
        assert max(dollars) / min(dollars) > 1.02


def test_a_dollar_list_beside_it_does_not_move():
    prices = defaultdict(set)
    for row in read(CURATED):
        if row["provider_label"] == "ovh":
            prices[row["gpu_label"], row["gpu_count"], row["commitment"]].add(row["price"])
    assert prices
    assert all(len(found) == 1 for found in prices.values())


def test_the_rates_reach_every_day_that_needs_one():
    days = [row["valid_from"] for row in read(CURATED) if row["provider_label"] == recorder.PROVIDER]
    assert dt.date.fromisoformat(min(days)) > recorder.FIRST
    assert dt.date.fromisoformat(max(days)) == recorder.LAST + dt.timedelta(days=1)
