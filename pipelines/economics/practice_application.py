"""Gross margin of an application company as practitioners form it. Not here: the document's form."""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula

PERCENT = 100.0


@formula(unit="percent", source="M28; hosting belongs to cost of sales in software accounts; ledger I-74")
def application_gross_margin_pct(
    revenue_usd_per_year: pl.Expr, api_cost_usd_per_year: pl.Expr, infrastructure_cost_usd_per_year: pl.Expr
) -> pl.Expr:
    """(revenue - tokens - infrastructure) / revenue."""
    cost = api_cost_usd_per_year + infrastructure_cost_usd_per_year
    return PERCENT * (revenue_usd_per_year - cost) / revenue_usd_per_year
