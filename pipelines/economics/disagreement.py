"""Two sides that should be equal. Not here: what a difference means
(pipelines/documents/marts/inconsistency_check.py).
"""

import polars as pl

from pipelines.economics.formula import formula


@formula(unit="dimensionless", source="difference of two figures of one unit")
def difference(left_value: pl.Expr, right_value: pl.Expr) -> pl.Expr:
    """Left less right, in the unit of both."""
    return left_value - right_value


@formula(unit="percent", source="difference over the larger of the two sides")
def difference_pct(left_value: pl.Expr, right_value: pl.Expr) -> pl.Expr:
    """100 x (left - right) / the larger size; 0 where both are zero."""
    larger = pl.max_horizontal(left_value.abs(), right_value.abs())
    return pl.when(larger > 0).then(100.0 * (left_value - right_value) / larger).when(larger == 0).then(0.0)
