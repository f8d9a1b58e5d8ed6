"""Rents that fall over a GPU's life: what today's rent is worth as a level one, and the charge paid monthly.

Not here: the first-year rent that recovers the capital (capital_charge.py), which rents fall how fast.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.gpu_hour.capital_charge import capital_recovery_factor, discounted_years
from pipelines.economics.units import HOURS_PER_YEAR, MONTHS_PER_YEAR, PERCENT


@formula(
    unit="1",
    source="docs/economics.md#falling-rent: value of a falling rent over that of a level one, both paid mid-year",
)
def falling_rent_factor(
    rent_decline_per_year: pl.Expr, discount_rate_per_year: pl.Expr, life_years: pl.Expr
) -> pl.Expr:
    """Present values, sum over k < n of (1-g)^k (1+r)^-k / sum of (1+r)^-k: the level rent worth one dollar of today's.

    1 where rents do not fall.
    """
    return discounted_years(discount_rate_per_year, life_years, rent_decline_per_year) / discounted_years(
        discount_rate_per_year, life_years, pl.lit(0.0)
    )


@formula(unit="usd/gpu_hour", source="docs/economics.md#falling-rent")
def level_rent_usd_per_gpu_hour(price_usd_per_gpu_hour: pl.Expr, falling_rent_factor: pl.Expr) -> pl.Expr:
    """Today's rent x the factor: what renting costs an hour over the life an owner commits to."""
    return price_usd_per_gpu_hour * falling_rent_factor


@formula(unit="percent", source="C2 with falling rents; docs/economics.md#falling-rent")
def breakeven_utilisation_falling_rents_pct(
    level_rent_usd_per_gpu_hour: pl.Expr,
    fixed_cost_usd_per_gpu_hour: pl.Expr,
    electricity_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """F / (level rent - v): the break-even for a buyer who could rent cheaper every year.

    Infinite (stored as null) where the level rent does not even pay the electricity.
    """
    contribution = level_rent_usd_per_gpu_hour - electricity_usd_per_gpu_hour
    needed = PERCENT * fixed_cost_usd_per_gpu_hour / contribution
    return pl.when(contribution > 0).then(needed).when(contribution <= 0).then(float("inf"))


@formula(
    unit="usd/gpu_hour", source="docs/economics.md#falling-rent: annuity paid monthly at the rate's monthly equivalent"
)
def monthly_capital_usd_per_gpu_hour(
    purchase_price_usd: pl.Expr, residual_share: pl.Expr, discount_rate_per_year: pl.Expr, life_years: pl.Expr
) -> pl.Expr:
    """The capital charge with twelve payments a year, (1+r)^(1/12) - 1 a month: rents come monthly, not in arrears."""
    monthly = (1.0 + discount_rate_per_year).pow(1.0 / MONTHS_PER_YEAR) - 1.0
    factor = capital_recovery_factor(monthly, life_years * MONTHS_PER_YEAR)
    residual = purchase_price_usd * residual_share
    payment = (purchase_price_usd - residual) * factor + residual * monthly
    return payment * MONTHS_PER_YEAR / HOURS_PER_YEAR
