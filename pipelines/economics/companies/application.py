"""Profit and loss of a company that sells an application and buys its tokens.

Not here: what serving a token costs.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="percent", source="M28; document 003:39: only tokens are cost of sales", reading="as_published")
def application_gross_margin_pct__as_published(
    revenue_usd_per_year: pl.Expr, api_cost_usd_per_year: pl.Expr
) -> pl.Expr:
    """(revenue - tokens) / revenue."""
    return PERCENT * (revenue_usd_per_year - api_cost_usd_per_year) / revenue_usd_per_year


@formula(
    unit="percent",
    source="M28; hosting belongs to cost of sales in software accounts; ledger I-74",
    reading="professional",
)
def application_gross_margin_pct__professional(
    revenue_usd_per_year: pl.Expr, api_cost_usd_per_year: pl.Expr, infrastructure_cost_usd_per_year: pl.Expr
) -> pl.Expr:
    """(revenue - tokens - infrastructure) / revenue."""
    cost = api_cost_usd_per_year + infrastructure_cost_usd_per_year
    return PERCENT * (revenue_usd_per_year - cost) / revenue_usd_per_year


@formula(unit="usd/year", source="M28; document 003:39")
def application_loss_usd_per_year(
    revenue_usd_per_year: pl.Expr,
    api_cost_usd_per_year: pl.Expr,
    staff_cost_usd_per_year: pl.Expr,
    infrastructure_cost_usd_per_year: pl.Expr,
    other_cost_usd_per_year: pl.Expr,
) -> pl.Expr:
    """Costs less revenue."""
    costs = api_cost_usd_per_year + staff_cost_usd_per_year + infrastructure_cost_usd_per_year + other_cost_usd_per_year
    return costs - revenue_usd_per_year


@formula(unit="percent", source="M28; document 003:38")
def api_cost_share_pct(api_cost_usd_per_year: pl.Expr, revenue_usd_per_year: pl.Expr) -> pl.Expr:
    """Share of revenue that goes to the sellers of tokens."""
    return PERCENT * api_cost_usd_per_year / revenue_usd_per_year


@formula(unit="month", source="M28; document 003:38")
def elapsed_months(first_month: pl.Expr, last_month: pl.Expr) -> pl.Expr:
    """Months of one year from the first to the last: January to November are ten."""
    return last_month - first_month


@formula(unit="percent/month", source="M28; document 003:38: compound growth")
def monthly_growth_pct(
    revenue_usd_per_year: pl.Expr, earlier_revenue_usd_per_year: pl.Expr, elapsed_months: pl.Expr
) -> pl.Expr:
    """100 x ((later / earlier)^(1/months) - 1)."""
    return PERCENT * ((revenue_usd_per_year / earlier_revenue_usd_per_year).pow(1.0 / elapsed_months) - 1.0)


@formula(unit="percent", source="document 003:43: a price cut from one list price to another")
def price_cut_pct(earlier_price_usd_per_mtok: pl.Expr, later_price_usd_per_mtok: pl.Expr) -> pl.Expr:
    """100 x (1 - later / earlier)."""
    return PERCENT * (1.0 - later_price_usd_per_mtok / earlier_price_usd_per_mtok)
