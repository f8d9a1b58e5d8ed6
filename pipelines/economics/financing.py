"""Debt and equity of a company: what they cost, what the mix costs, what interest saves in tax.

Percentages stay percentages here, as the documents print costs of capital.

Not here: the after-tax cost of debt and of the mix, which the two readings shield differently (published_capital.py,
shielded_capital.py); how much debt a cash flow carries (loan.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula

PERCENT = 100.0
BPS_PER_UNIT = 1e4


@formula(unit="1", source="C3, M19; document 000:274,283,316-320; ledger I-51")
def equity_to_debt_cost_ratio(cost_of_equity_pct: pl.Expr, cost_of_debt_pct: pl.Expr) -> pl.Expr:
    """Cost of equity over cost of debt, before tax. Null where there is no debt."""
    return pl.when(cost_of_debt_pct > 0).then(cost_of_equity_pct / cost_of_debt_pct)


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
