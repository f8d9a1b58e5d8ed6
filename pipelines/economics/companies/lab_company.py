"""A lab as a company: growth of its run rate, cash burned, and the way from the margin of a token to the company's.

Not here: flows between companies (recirculation.py), and the profit and loss of application companies.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="1", source="M34; document 004:192-195; ledger I-70")
def run_rate_growth(start_arr_usd: pl.Expr, end_arr_usd: pl.Expr) -> pl.Expr:
    """Run rate at the end over run rate at the start."""
    return end_arr_usd / start_arr_usd


@formula(unit="1", source="M34; ledger I-70")
def annualised_run_rate_growth(run_rate_growth: pl.Expr, span_months: pl.Expr) -> pl.Expr:
    """Growth of a span put to a year: g^(12 / months)."""
    return run_rate_growth.pow(12.0 / span_months)


@formula(unit="percent", source="M34; document 004:179,313")
def burn_share_of_revenue_pct(cash_burn_usd: pl.Expr, revenue_or_arr_usd: pl.Expr) -> pl.Expr:
    """Cash burned over revenue of the year, or run rate at its end; the documents use both."""
    return PERCENT * cash_burn_usd / revenue_or_arr_usd


@formula(unit="percent", source="M34; document 004:196")
def product_share_of_arr_pct(product_arr_usd: pl.Expr, company_arr_usd: pl.Expr) -> pl.Expr:
    """Run rate of one product over the company's."""
    return PERCENT * product_arr_usd / company_arr_usd


@formula(unit="percent", source="M34; document 004:172-179")
def margin_to_explain_pct(token_margin_pct: pl.Expr, company_margin_pct: pl.Expr) -> pl.Expr:
    """Points between the margin of a token and the company's: idle GPUs, cloud markup and subsidies lie there."""
    return token_margin_pct - company_margin_pct


@formula(
    unit="1",
    source="docs/economics.md#sold-hour: cost per sold hour F / u, put to a margin: (1 - m_token) / (1 - m_company)",
)
def utilisation_explaining_margin(token_margin_pct: pl.Expr, company_margin_pct: pl.Expr) -> pl.Expr:
    """The share of paid GPU-hours in use at which idleness alone makes the one margin the other.

    A bound, not an estimate: every other cost the documents name leaves more hours in use.
    """
    return (PERCENT - token_margin_pct) / (PERCENT - company_margin_pct)
