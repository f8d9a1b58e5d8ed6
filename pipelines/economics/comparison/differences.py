"""Two figures that are held against each other: a scenario against base, two sides that should be equal.

Not here: which inputs a scenario changes (pipelines/scenarios), what a difference between sides means
(pipelines/documents/marts/inconsistency_check.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="as the row states", source="docs/economics.md#plain-arithmetic: a scenario beside base")
def difference_from_base(value: pl.Expr, base_value: pl.Expr) -> pl.Expr:
    """The figure less the same figure under base."""
    return value - base_value


@formula(unit="percent", source="docs/economics.md#plain-arithmetic: a scenario beside base")
def difference_from_base_pct(difference_from_base: pl.Expr, base_value: pl.Expr) -> pl.Expr:
    """The difference over the size of the base figure; null where that is zero."""
    return pl.when(base_value != 0.0).then(PERCENT * difference_from_base / base_value.abs())


@formula(unit="dimensionless", source="docs/economics.md#plain-arithmetic: difference of two figures of one unit")
def difference_of_sides(left_value: pl.Expr, right_value: pl.Expr) -> pl.Expr:
    """Left less right, in the unit of both."""
    return left_value - right_value


@formula(unit="percent", source="docs/economics.md#plain-arithmetic: difference over the larger of the two sides")
def difference_of_sides_pct(left_value: pl.Expr, right_value: pl.Expr) -> pl.Expr:
    """100 x (left - right) / the larger size; 0 where both are zero."""
    larger = pl.max_horizontal(left_value.abs(), right_value.abs())
    return pl.when(larger > 0).then(PERCENT * (left_value - right_value) / larger).when(larger == 0).then(0.0)
