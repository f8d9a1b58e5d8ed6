"""The documents' cost of capital: a rate on the full price beside a straight line, and the break-even that follows.

All of the `as_published` reading alone. Not here: the straight line and the capital recovery factor
(capital_charge.py), forms both readings share.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import HOURS_PER_YEAR, PERCENT


@formula(unit="usd/gpu/year", source="C2; document 000:201", reading="as_published")
def capital_charge_usd_per_gpu_year(purchase_price_usd: pl.Expr, discount_rate_per_year: pl.Expr) -> pl.Expr:
    """Purchase price x cost of capital: interest on the full price in every year (ledger I-43)."""
    return purchase_price_usd * discount_rate_per_year


@formula(unit="usd/gpu_hour", source="C2; document 000:201", reading="as_published")
def capital_charge_usd_per_gpu_hour(capital_charge_usd_per_gpu_year: pl.Expr) -> pl.Expr:
    """The yearly charge / 8760."""
    return capital_charge_usd_per_gpu_year / HOURS_PER_YEAR


@formula(
    unit="usd/gpu_hour",
    source="C2; document 000:7,201: straight line plus a charge on the full price",
    reading="as_published",
)
def charged_capital_usd_per_gpu_hour(
    capital_usd_per_gpu_hour: pl.Expr, capital_charge_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """Straight line + charge. It counts the declining balance twice: 1.449 where the annuity gives 1.331."""
    return capital_usd_per_gpu_hour + capital_charge_usd_per_gpu_hour


@formula(unit="usd/gpu_hour", source="C2; document 000:201", reading="as_published")
def fully_loaded_usd_per_gpu_hour(
    base_cost_usd_per_gpu_hour: pl.Expr, capital_charge_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """Cost before capital (1.10, which the document does not build up: ledger I-04) + the charge."""
    return base_cost_usd_per_gpu_hour + capital_charge_usd_per_gpu_hour


@formula(unit="percent", source="C2; document 000:202; 001:279-288", reading="as_published")
def simple_breakeven_utilisation_pct(
    fully_loaded_usd_per_gpu_hour: pl.Expr, price_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """Fully loaded cost / rent: electricity counts as paid for every hour."""
    return PERCENT * fully_loaded_usd_per_gpu_hour / price_usd_per_gpu_hour


@formula(unit="usd/gpu_hour", source="C2, full form; document 000:198", reading="as_published")
def charged_fixed_usd_per_gpu_hour(
    charged_capital_usd_per_gpu_hour: pl.Expr,
    maintenance_usd_per_gpu_hour: pl.Expr,
    fixed_opex_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """P (1 - residual) / (8760 L) + P x WACC / 8760 + m P / 8760 + other fixed cost of an hour of the clock."""
    return charged_capital_usd_per_gpu_hour + maintenance_usd_per_gpu_hour + fixed_opex_usd_per_gpu_hour


@formula(unit="percent", source="C2, full form", reading="as_published")
def full_breakeven_utilisation_pct(
    charged_fixed_usd_per_gpu_hour: pl.Expr,
    price_usd_per_gpu_hour: pl.Expr,
    electricity_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """Fixed cost / (rent - electricity): only the hours in use pay for energy."""
    return PERCENT * charged_fixed_usd_per_gpu_hour / (price_usd_per_gpu_hour - electricity_usd_per_gpu_hour)


@formula(unit="usd/year", source="document 000:202", reading="as_published")
def extra_interest_usd_per_year(debt_usd: pl.Expr, rate_difference_per_year: pl.Expr) -> pl.Expr:
    """Debt x difference of the rates, on the full balance."""
    return debt_usd * rate_difference_per_year
