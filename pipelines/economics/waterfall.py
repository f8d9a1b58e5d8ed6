"""The cost waterfall's ends: total with the optional lines, margin, and either of them per sold hour.

Not here: the bars (margin.py, power.py, ownership.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.margin import PERCENT


@formula(unit="usd/gpu_hour", source="C1; document 000:27,198,201 (ledger I-26)")
def waterfall_total_usd_per_gpu_hour(
    total_cost_usd_per_gpu_hour: pl.Expr,
    storage_usd_per_gpu_hour: pl.Expr,
    capital_charge_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """The stack's total + the lines the page names and leaves out: storage, and a charge for capital.

    Failures enter the total itself, as maintenance. An operand of 0 leaves a line out, as the documents do.
    """
    return total_cost_usd_per_gpu_hour + storage_usd_per_gpu_hour + capital_charge_usd_per_gpu_hour


@formula(unit="percent", source="C1; (price - total) / price")
def waterfall_margin_pct(price_usd_per_gpu_hour: pl.Expr, waterfall_total_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """(price - total) / price. With the charge for capital in it this is economic profit, not gross margin."""
    return PERCENT * (price_usd_per_gpu_hour - waterfall_total_usd_per_gpu_hour) / price_usd_per_gpu_hour


@formula(unit="usd/gpu_hour", source="C1; every line over the sold hours (ledger I-14)")
def total_per_sold_hour_usd_per_gpu_hour(waterfall_total_usd_per_gpu_hour: pl.Expr, sold_share: pl.Expr) -> pl.Expr:
    """Total / share of hours sold: all lines, electricity too, are paid for every hour."""
    return waterfall_total_usd_per_gpu_hour / sold_share


@formula(unit="percent", source="C1; ledger I-14")
def margin_per_sold_hour_pct(price_usd_per_gpu_hour: pl.Expr, total_per_sold_hour_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """(price - cost of a sold hour) / price."""
    return PERCENT * (price_usd_per_gpu_hour - total_per_sold_hour_usd_per_gpu_hour) / price_usd_per_gpu_hour
