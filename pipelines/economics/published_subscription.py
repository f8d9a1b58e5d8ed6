"""Cost of a subscriber's tokens as document 004 has it: tokens times a cost per million of its own.

Not here: the professional form (subscription_cost.py), what both readings share (subscription.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula


@formula(unit="usd/month", source="M36; document 004:233-239,285")
def input_cost_usd_per_month(
    input_mtok_per_day: pl.Expr, input_cost_usd_per_mtok: pl.Expr, days_per_month: pl.Expr
) -> pl.Expr:
    """Days x input of a day x its cost."""
    return days_per_month * input_mtok_per_day * input_cost_usd_per_mtok


@formula(unit="usd/month", source="M36; document 004:233-239,286")
def output_cost_usd_per_month(
    written_mtok_per_day: pl.Expr, output_cost_usd_per_mtok: pl.Expr, days_per_month: pl.Expr
) -> pl.Expr:
    """Days x output of a day, thinking included, x its cost."""
    return days_per_month * written_mtok_per_day * output_cost_usd_per_mtok
