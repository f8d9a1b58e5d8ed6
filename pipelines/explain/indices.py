"""The trees of the price marts, whose figures no formula makes: what a deflator's row stands on, price by price.

A matched index rests on every item of its segment, each item's price of a month on the prices in force, by days. The
figure is computed again from those prices by the deflator's own code (pipelines/marts/deflators).

Not here: index methods, panels, what a deflator reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl

from pipelines.economics.trace import HOW, Trace
from pipelines.explain.tree import Tree, tree
from pipelines.panels.deflators import Basis, of_segment
from pipelines.release.query import QueryError

SEGMENTED = (
    "capacity_price",
    "deflation_reconciliation",
    "hedonic_coefficient",
    "price_change_by_item",
    "price_deflation",
    "price_index",
)
"""The marts explained here."""

Evaluate = Callable[[Tree], pl.Series]


def trees(
    module: ModuleType, core: Mapping[str, pl.DataFrame], trace: Trace, row: Mapping[str, Any], wanted: Iterable[str]
) -> dict[str, Tree]:
    """The trees of a row's figures; `core` is traced. Raises QueryError where the row is no longer made."""
    try:
        # A mart that takes segments apart says itself what they stand on; the price marts leave it to their deflators.
        source = module if hasattr(module, "basis") else of_segment(row["segment"])
        basis = source.basis(core, module.SCHEMA.table, row)
    except LookupError as error:
        raise QueryError(str(error)) from error
    groups = _groups(trace, basis)
    made = _made(module, getattr(source, "DEFLATOR", None), basis)
    return {
        name: Tree(
            name,
            row[name],
            *_ends(name, row),
            aggregate=basis.says,
            operands=groups,
            apply=_again(module, made, groups, row, name),
        )
        for name in wanted
        if row[name] is not None
    }


def _ends(name: str, row: Mapping[str, Any]) -> tuple[float | None, float | None]:
    return (row.get("ci_low"), row.get("ci_high")) if name == "annual_factor" else (None, None)


def _groups(trace: Trace, basis: Basis) -> tuple[Tree, ...]:
    """What was observed, by group, in the order of the basis: groups are contiguous there."""
    made = []
    for (group,), rows in basis.observed.group_by("group", maintain_order=True):
        members = [tree(trace, cell[HOW + "value"], cell["name"], cell["value"]) for cell in rows.iter_rows(named=True)]
        made.append(Tree(str(group), None, aggregate="price by month", operands=tuple(members)))
    return tuple(made)


def _made(module: ModuleType, deflator: str | None, basis: Basis) -> Callable[[bytes], pl.DataFrame]:
    """The segment's rows from other values. The last are kept: every figure of a row asks for the same."""

    @lru_cache(maxsize=1)
    def made(values: bytes) -> pl.DataFrame:
        rows = basis.again(np.frombuffer(values, dtype=np.float64).copy())
        table: pl.DataFrame = module.table(rows.with_columns(deflator=pl.lit(deflator)))
        return table

    return made


def _again(
    module: ModuleType,
    made: Callable[[bytes], pl.DataFrame],
    groups: Iterable[Tree],
    row: Mapping[str, Any],
    name: str,
) -> Callable[[Evaluate], pl.Series]:
    """What computes the figure from what was observed, one draw after another."""
    key = [pl.col(column) == row[column] for column in module.SCHEMA.key]

    def apply(evaluate: Evaluate) -> pl.Series:
        values = [evaluate(member) for group in groups for member in group.operands]
        draws = np.array([series.to_numpy() for series in values], dtype=np.float64).T
        return pl.Series([figure(np.ascontiguousarray(draw)) for draw in draws], dtype=pl.Float64)

    def figure(values: np.ndarray[Any, np.dtype[np.float64]]) -> float | None:
        same = made(values.tobytes()).filter(key)
        return float(same[name].item()) if same.height == 1 and same[name].item() is not None else None

    return apply
