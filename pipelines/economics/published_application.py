"""Gross margin of an application company as document 003 forms it. Not here: the practitioners' form."""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula

PERCENT = 100.0


@formula(unit="percent", source="M28; document 003:39: only tokens are cost of sales")
def application_gross_margin_pct(revenue_usd_per_year: pl.Expr, api_cost_usd_per_year: pl.Expr) -> pl.Expr:
    """(revenue - tokens) / revenue."""
    return PERCENT * (revenue_usd_per_year - api_cost_usd_per_year) / revenue_usd_per_year
