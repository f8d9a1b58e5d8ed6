"""A company's cost of capital as the rate its GPUs are charged. Not here: the cost itself (financing by stage).

In no reading's modules: only buy_vs_rent takes a rate from a stage; elsewhere the rate is an operand.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula


@formula(unit="1/year", source="C3; a buyer's weighted cost of capital")
def discount_rate_per_year(wacc_pct: pl.Expr) -> pl.Expr:
    """Weighted cost of capital after tax, as a rate."""
    return wacc_pct / 100.0
