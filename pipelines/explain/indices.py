"""The trees of the price marts, whose figures no formula makes: the items of a segment, their prices month by month.

An index rests on every matched item; each item's price of a month is the mean of the prices in force, by days. The
figure is computed again from those prices by the mart's own code.

Not here: index methods, panels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.panel import Panel
from pipelines.economics.trace import HOW, Trace
from pipelines.explain.tree import Tree, tree
from pipelines.marts.price_panel import SegmentPanel, monthly_prices, segment_panel
from pipelines.query import QueryError

SEGMENTED = ("price_index", "price_deflation")
"""The marts explained here."""

SAYS = {"fixed": "each month against the first", "chained": "month on month", "multilateral": "every pair of months"}


def trees(
    module: ModuleType, core: Mapping[str, pl.DataFrame], trace: Trace, row: Mapping[str, Any], wanted: Iterable[str]
) -> dict[str, Tree]:
    """The trees of a row's figures; `core` is traced. Raises QueryError where the segment is no longer there."""
    prices = monthly_prices(core).filter(pl.col("segment") == row["segment"]).sort("segment", "item", "month")
    found = segment_panel(row["segment"], prices)
    if found is None:
        raise QueryError(f"segment {row['segment']!r} has too few prices in this release's core")
    items = _items(trace, found, prices)
    windows = f", windows of {row['window_months']} months" if row["window_months"] else ""
    says = f"{row['method']}, {SAYS[row['output']]}{windows}, over the items: {len(items)}"
    return {
        name: Tree(
            name,
            row[name],
            *_ends(name, row),
            aggregate=says,
            operands=tuple(items.values()),
            apply=_again(module, found, items, row, name),
        )
        for name in wanted
        if row[name] is not None
    }


def _ends(name: str, row: Mapping[str, Any]) -> tuple[float | None, float | None]:
    return (row.get("ci_low"), row.get("ci_high")) if name == "annual_factor" else (None, None)


def _items(trace: Trace, found: SegmentPanel, prices: pl.DataFrame) -> dict[str, Tree]:
    """The items of the panel, those with most months first, each with its months."""
    wanted = prices.filter(
        pl.col("item").is_in(found.items.tolist()),
        pl.col("month").is_in(list(found.months)),
        pl.col("price").is_not_null(),
    )
    made = {}
    for (item,), months in wanted.group_by("item", maintain_order=True):
        cells = [
            tree(trace, cell[HOW + "price"], f"{cell['month']:%Y-%m}", cell["price"])
            for cell in months.iter_rows(named=True)
        ]
        made[str(item)] = Tree(str(item), None, aggregate="price by month", operands=tuple(cells))
    return dict(sorted(made.items(), key=lambda pair: (-len(pair[1].operands), pair[0])))


def _again(
    module: ModuleType, found: SegmentPanel, items: Mapping[str, Tree], row: Mapping[str, Any], name: str
) -> Callable[[Callable[[Tree], pl.Series]], pl.Series]:
    """What computes the figure from the months of the items."""
    place = {f"{month:%Y-%m}": at for at, month in enumerate(found.months)}

    key = {column: row[column] for column in module.SCHEMA.key}

    def apply(evaluate: Callable[[Tree], pl.Series]) -> pl.Series:
        cells = {item: [(place[cell.name], evaluate(cell)) for cell in items[item].operands] for item in found.items}
        draws = next(iter(cells.values()))[0][1].len()
        return pl.Series([figure(cells, draw) for draw in range(draws)], dtype=pl.Float64)

    def figure(cells: Mapping[str, list[tuple[int, pl.Series]]], draw: int) -> float | None:
        price = np.full((len(found.items), len(found.months)), np.nan)
        for at, item in enumerate(found.items):
            for month, values in cells[item]:
                price[at, month] = values[draw]
        table: pl.DataFrame = module.table([replace(found, panel=Panel.of(price))])
        same = table.filter(*[pl.col(column) == value for column, value in key.items()])
        return float(same[name].item()) if same.height == 1 else None

    return apply
