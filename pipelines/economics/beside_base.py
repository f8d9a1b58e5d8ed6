"""A figure beside the same figure under other inputs. Not here: which inputs (pipelines/scenarios)."""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula

PERCENT = 100.0


@formula(unit="as the row states", source="a scenario beside base")
def difference(value: pl.Expr, base_value: pl.Expr) -> pl.Expr:
    """The figure less the same figure under base."""
    return value - base_value


@formula(unit="percent", source="a scenario beside base")
def difference_pct(difference: pl.Expr, base_value: pl.Expr) -> pl.Expr:
    """The difference over the size of the base figure; null where that is zero."""
    return pl.when(base_value != 0.0).then(PERCENT * difference / base_value.abs())
