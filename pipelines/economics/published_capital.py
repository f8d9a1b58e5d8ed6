"""Capital and debt as the documents compute them: every dollar of interest shields, one year stands for all.

Not here: what both readings share (financing.py, loan.py); taxable income and yearly cash flows
(shielded_capital.py, project_debt.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.financing import PERCENT
from pipelines.economics.formula import formula


@formula(unit="percent", source="M19; document 000:284")
def after_tax_cost_of_debt_pct(cost_of_debt_pct: pl.Expr, tax_share: pl.Expr) -> pl.Expr:
    """Cost of debt x (1 - tax rate)."""
    return cost_of_debt_pct * (1.0 - tax_share)


@formula(unit="percent", source="C3; document 000:316-320")
def wacc_pct(
    equity_share_pct: pl.Expr, cost_of_equity_pct: pl.Expr, cost_of_debt_pct: pl.Expr, tax_share: pl.Expr
) -> pl.Expr:
    """Equity share x ke + debt share x kd (1 - t): the mix of equity and debt, every dollar of interest shielding."""
    equity = equity_share_pct / PERCENT
    debt = after_tax_cost_of_debt_pct(cost_of_debt_pct, tax_share)
    return equity * cost_of_equity_pct + (1.0 - equity) * debt


@formula(unit="usd/year", source="M20; document 000:295-296")
def supported_debt_service_usd_per_year(cash_flow_usd_per_year: pl.Expr, required_dscr: pl.Expr) -> pl.Expr:
    """Cash flow over the cover a lender wants: interest and principal that one year's cash flow carries."""
    return cash_flow_usd_per_year / required_dscr


@formula(unit="usd", source="M20; document 000:295-296; ledger I-45")
def capacity_usd(supported_debt_service_usd_per_year: pl.Expr, debt_service_factor_per_year: pl.Expr) -> pl.Expr:
    """The loan whose first year's service is the one supported; the first year is never lighter than a later one."""
    return supported_debt_service_usd_per_year / debt_service_factor_per_year


@formula(unit="1", source="M20; document 000:307")
def dscr(cash_flow_usd_per_year: pl.Expr, debt_service_usd: pl.Expr) -> pl.Expr:
    """Cash flow over the first year's debt service."""
    return cash_flow_usd_per_year / debt_service_usd


@formula(unit="percent", source="M20; ledger I-47: a decline of revenue with all cost fixed")
def revenue_decline_to_breach_pct(
    cash_flow_usd_per_year: pl.Expr,
    debt_service_usd: pl.Expr,
    covenant_dscr: pl.Expr,
    contracted_revenue_usd_per_year: pl.Expr,
) -> pl.Expr:
    """(cash flow - covenant x service) / revenue: fall of revenue that reaches the covenant when no cost falls."""
    headroom = cash_flow_usd_per_year - covenant_dscr * debt_service_usd
    return PERCENT * headroom / contracted_revenue_usd_per_year
