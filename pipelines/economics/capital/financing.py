"""Debt and equity of a company: what they cost, what the mix costs after tax, what interest saves in tax.

Percentages stay percentages here, as the documents print costs of capital. As the documents compute it, every dollar
of interest shields; practitioners count interest only where there is income to tax.

Not here: how much debt a cash flow carries (loan.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import BPS_PER_UNIT, PERCENT


@formula(unit="1", source="C3, M19; document 000:274,283,316-320; ledger I-51")
def equity_to_debt_cost_ratio(cost_of_equity_pct: pl.Expr, cost_of_debt_pct: pl.Expr) -> pl.Expr:
    """Cost of equity over cost of debt, before tax. Null where there is no debt."""
    return pl.when(cost_of_debt_pct > 0).then(cost_of_equity_pct / cost_of_debt_pct)


@formula(unit="percent", source="M19; document 000:284", reading="as_published")
def after_tax_cost_of_debt_pct__as_published(cost_of_debt_pct: pl.Expr, tax_share: pl.Expr) -> pl.Expr:
    """Cost of debt x (1 - tax rate)."""
    return cost_of_debt_pct * (1.0 - tax_share)


@formula(
    unit="percent",
    source="corporate-finance textbooks; docs/economics.md#c3: no shield without taxable income",
    reading="professional",
)
def after_tax_cost_of_debt_pct__professional(
    cost_of_debt_pct: pl.Expr, tax_share: pl.Expr, shielded_share: pl.Expr
) -> pl.Expr:
    """Cost of debt x (1 - s t): s is the share of interest that meets taxable income, 0 where there is none."""
    return cost_of_debt_pct * (1.0 - shielded_share * tax_share)


@formula(unit="percent", source="C3; document 000:316-320", reading="as_published")
def wacc_pct__as_published(
    equity_share_pct: pl.Expr, cost_of_equity_pct: pl.Expr, cost_of_debt_pct: pl.Expr, tax_share: pl.Expr
) -> pl.Expr:
    """Equity share x ke + debt share x kd (1 - t): the mix of equity and debt, every dollar of interest shielding."""
    equity = equity_share_pct / PERCENT
    debt = after_tax_cost_of_debt_pct__as_published(cost_of_debt_pct, tax_share)
    return equity * cost_of_equity_pct + (1.0 - equity) * debt


@formula(unit="percent", source="corporate-finance textbooks; docs/economics.md#c3", reading="professional")
def wacc_pct__professional(
    equity_share_pct: pl.Expr,
    cost_of_equity_pct: pl.Expr,
    cost_of_debt_pct: pl.Expr,
    tax_share: pl.Expr,
    shielded_share: pl.Expr,
) -> pl.Expr:
    """Equity share x ke + debt share x kd (1 - s t): the mix after the tax its interest saves."""
    equity = equity_share_pct / PERCENT
    debt = after_tax_cost_of_debt_pct__professional(cost_of_debt_pct, tax_share, shielded_share)
    return equity * cost_of_equity_pct + (1.0 - equity) * debt


@formula(unit="1/year", source="C3; a buyer's weighted cost of capital")
def stage_discount_rate_per_year(wacc_pct: pl.Expr) -> pl.Expr:
    """Weighted cost of capital after tax, as a rate."""
    return wacc_pct / PERCENT


@formula(unit="usd/year", source="M19; document 000:285")
def tax_shield_usd_per_year(debt_usd: pl.Expr, cost_of_debt_pct: pl.Expr, tax_share: pl.Expr) -> pl.Expr:
    """Debt x interest x tax rate: tax that the year's interest saves a company with enough taxable income."""
    return debt_usd * cost_of_debt_pct / PERCENT * tax_share


@formula(unit="bps", source="M20; document 000:297; 001:417")
def spread_saved_bps(uncontracted_spread_bps: pl.Expr, contracted_spread_bps: pl.Expr) -> pl.Expr:
    """What a contract takes off the spread over the reference rate."""
    return uncontracted_spread_bps - contracted_spread_bps


@formula(unit="usd/year", source="M20; document 000:297; 001:421")
def interest_saving_usd_per_year(debt_usd: pl.Expr, spread_saved_bps: pl.Expr) -> pl.Expr:
    """Debt x spread saved: interest of the first year, before any of the debt is repaid."""
    return debt_usd * spread_saved_bps / BPS_PER_UNIT
