"""The panels that published values refer to: recorded in tests/golden, or read from ../shared where it is there."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

import numpy as np

from pipelines.economics.index_numbers.panel import Panel

GOLDEN = Path(__file__).parents[2] / "golden"
PUBLISHED = list(csv.DictReader((GOLDEN / "index_numbers.csv").open(encoding="utf-8")))


def recorded(name):
    return json.loads((GOLDEN / f"index_{name}.json").read_text(encoding="utf-8"))


def diewert_fox():
    """Prices of Diewert and Fox's artificial example, and the quantities a CES consumer of elasticity 2 buys."""
    example = recorded("diewert_fox")
    price = np.array(example["price"])
    share = np.array(example["ces_weight"])[:, None]
    quantity = np.array(example["expenditure"]) * share * price**-2 / (share / price).sum(axis=0)
    return price, quantity


@cache
def panel(dataset):
    """The panel of a data set of index_numbers.csv."""
    if dataset.startswith("diewert_fox"):
        price, quantity = diewert_fox()
        # Some of the expected values were computed when the data set held its quantities to seven decimals.
        quantity = np.round(quantity, 7) if dataset.endswith("7_decimals") else quantity
    else:
        price, quantity = (np.array(recorded(dataset)[name], dtype=float) for name in ("price", "quantity"))
    return Panel.of(price, quantity=quantity)


def oracle(shared, name, item, period, price, quantity):
    """Items by periods of a file of ../shared/data/index_oracles: prices, quantities, names of items and periods."""
    with (shared / "data" / "index_oracles" / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    items = sorted({row[item] for row in rows})
    periods = sorted({row[period].strip() for row in rows}, key=lambda name: (len(name), name))
    made = np.full((2, len(items), len(periods)), np.nan)
    for row in rows:
        made[:, items.index(row[item]), periods.index(row[period].strip())] = float(row[price]), float(row[quantity])
    return made[0], made[1]


def as_matrix(rows):
    """Items by periods, both sorted, NaN where there is no price; the lowest of several on one day."""
    items = sorted({item for item, _, _ in rows})
    periods = sorted({period for _, period, _ in rows})
    price = np.full((len(items), len(periods)), np.nan)
    for item, period, value in rows:
        cell = (items.index(item), periods.index(period))
        price[cell] = np.fmin(price[cell], value)
    return price
