"""Cost of capital after tax as practitioners take it: interest saves tax only where there is income to tax.

Not here: the documents' form, which shields every stage alike (published_capital.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.financing import PERCENT
from pipelines.economics.formula import formula


@formula(unit="percent", source="corporate-finance textbooks; economics.md C3: no shield without taxable income")
def after_tax_cost_of_debt_pct(cost_of_debt_pct: pl.Expr, tax_share: pl.Expr, shielded_share: pl.Expr) -> pl.Expr:
    """Cost of debt x (1 - s t): s is the share of interest that meets taxable income, 0 where there is none."""
    return cost_of_debt_pct * (1.0 - shielded_share * tax_share)


@formula(unit="percent", source="corporate-finance textbooks; economics.md C3")
def wacc_pct(
    equity_share_pct: pl.Expr,
    cost_of_equity_pct: pl.Expr,
    cost_of_debt_pct: pl.Expr,
    tax_share: pl.Expr,
    shielded_share: pl.Expr,
) -> pl.Expr:
    """Equity share x ke + debt share x kd (1 - s t): the mix after the tax its interest saves."""
    equity = equity_share_pct / PERCENT
    debt = after_tax_cost_of_debt_pct(cost_of_debt_pct, tax_share, shielded_share)
    return equity * cost_of_equity_pct + (1.0 - equity) * debt
