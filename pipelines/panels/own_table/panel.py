"""Items by periods from the rows of a table: duplicates settled, features checked.

Several rows of one item in one period are one price: the unit value, sum of price x quantity over sum of quantity,
where quantities are given (CPI Manual 2020, chapter 10: what was paid in all, over what was bought in all). Without
quantities no rule is right for every table, and it is an error.

Not here: values of single rows (table.py), any index method.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.panel import Matrix
from pipelines.economics.index_numbers.time_dummy import Features
from pipelines.panels.own_table import periods
from pipelines.panels.own_table.table import EXAMPLES, ROW, Columns, IndexTableError, Table


@dataclass(frozen=True)
class Matrices:
    """`price` and `quantity`, items by periods, NaN where there is none, in the order of `periods`.

    `quantity` and `features` are None where the method uses none.
    """

    price: Matrix
    quantity: Matrix | None
    features: Features | None
    periods: tuple[str, ...]
    notes: tuple[str, ...]


def build(table: Table, columns: Columns, *, weighs: bool) -> Matrices:
    """The matrices. Raises IndexTableError where rows of one item contradict each other.

    `weighs` says whether the method weighs by quantity: then every price must have one.
    """
    frame, labels, notes = periods.ordered(table, columns.period)
    notes = [*table.notes, *notes]
    if weighs:
        _every_quantity(table, frame, columns)
    items = frame["item"].unique().sort()
    place = pl.Series(range(items.len()), dtype=pl.Int64)
    frame = frame.with_columns(pl.col("item").replace_strict(items, place, return_dtype=pl.Int64).alias("i"))
    frame, settled = _settled(frame, table, labels)
    notes += settled
    shape = (items.len(), len(labels))
    at = (frame["i"].to_numpy(), frame["t"].to_numpy())
    price = np.full(shape, np.nan)
    price[at] = frame["price"].to_numpy()
    quantity = None
    if weighs:
        quantity = np.full(shape, np.nan)
        quantity[at] = frame["quantity"].to_numpy()
    return Matrices(price, quantity, _features(table, frame, columns), tuple(labels), tuple(notes))


def _every_quantity(table: Table, frame: pl.DataFrame, columns: Columns) -> None:
    bad = frame.filter(pl.col("quantity").is_null())
    if bad.height:
        raise IndexTableError(
            f"{table.name}, row {bad[ROW][0]}: {columns.quantity} is empty where there is a price ({bad.height} such "
            "rows), and the method weighs by it. Fill it, or leave the price empty."
        )


def _settled(frame: pl.DataFrame, table: Table, labels: list[str]) -> tuple[pl.DataFrame, list[str]]:
    """One row per item and period, and a note on how."""
    cells = frame.group_by("i", "t", maintain_order=True)
    repeated = cells.agg(ROW, pl.col("item").first(), pl.len().alias("n")).filter(pl.col("n") > 1)
    if not repeated.height:
        return frame, []
    rows = ", ".join(str(row) for row in repeated[ROW][0][:EXAMPLES])
    example = f"{repeated['item'][0]!r} in {labels[repeated['t'][0]]}, rows {rows}"
    told = f"{repeated.height} pairs of item and period stand in several rows (for example {example})"
    if not table.has_quantity:
        raise IndexTableError(
            f"{table.name}: {told}. Without quantities there is no unit value: aggregate them first (a mean, the "
            "lowest, the last), or make them different items."
        )
    several = frame.join(repeated.select("i", "t"), on=["i", "t"], how="semi")
    merged = several.group_by("i", "t", maintain_order=True).agg(
        pl.exclude("price", "quantity").first(),
        ((pl.col("price") * pl.col("quantity")).sum() / pl.col("quantity").sum()).alias("price"),
        pl.col("quantity").sum(),
        pl.col("quantity").is_null().any().alias("unweighted"),
    )
    bad = merged.filter(pl.col("unweighted") | (pl.col("quantity") <= 0))
    if bad.height:
        raise IndexTableError(
            f"{table.name}, row {bad[ROW][0]}: item {bad['item'][0]!r} stands in several rows of "
            f"{labels[bad['t'][0]]}, of which one has no quantity, or all have zero: there is no unit value. "
            f"Aggregate such rows first ({bad.height} pairs of item and period)."
        )
    once = frame.join(repeated.select("i", "t"), on=["i", "t"], how="anti")
    return pl.concat([once, merged.select(once.columns)]), [told + ": their unit value is taken"]


def _features(table: Table, frame: pl.DataFrame, columns: Columns) -> Features | None:
    """What items are like: positive numbers as logarithms, 0/1 as they are, words as dummies without their first."""
    taken: dict[str, Matrix] = {}
    for name in columns.features:
        values = _per_item(table, frame, name)
        numbers = values.cast(pl.Float64, strict=False)
        if numbers.null_count():
            words = values.cast(pl.String)
            levels = words.unique().sort().to_list()
            taken |= {f"{name}={level}": (words == level).cast(pl.Float64).to_numpy() for level in levels[1:]}
        else:
            taken[name] = numbers.to_numpy()
        if values.n_unique() < 2:
            raise IndexTableError(f"{table.name}: feature {name} is the same for all items and explains nothing.")
    if not taken:
        return None
    try:
        return Features.of(taken)
    except ValueError as error:
        raise IndexTableError(f"{table.name}: {error}. A feature may also be words.") from error


def _per_item(table: Table, frame: pl.DataFrame, name: str) -> pl.Series:
    """A feature's one value per item, by the items' order."""
    column = f"f_{name}"
    values = pl.col(column)
    blank = values.is_null() | (values == "") if frame.schema[column] == pl.String else values.is_null()
    bad = frame.filter(blank)
    if bad.height:
        raise IndexTableError(
            f"{table.name}, row {bad[ROW][0]}: feature {name} of item {bad['item'][0]!r} is empty ({bad.height} such "
            "rows). Fill it, or leave the item out."
        )
    several = frame.group_by("i", maintain_order=True).agg(pl.col("item").first(), values.unique(maintain_order=True))
    changing = several.filter(pl.col(column).list.len() > 1)
    if changing.height:
        seen = changing[column][0].to_list()
        raise IndexTableError(
            f"{table.name}: feature {name} of item {changing['item'][0]!r} is {seen[0]!r} and {seen[1]!r} "
            f"({changing.height} such items). A thing whose features change is another item: give it another name."
        )
    return several.sort("i")[column].list.first()
