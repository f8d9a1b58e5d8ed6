"""Capital of owned GPUs per hour: the documents' straight line, and the capital recovery factor of practitioners.

Not here: the documents' charge on the full price (simple_charge.py), what runs on electricity (power.py), sums
(margin.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import HOURS_PER_YEAR, NEGLIGIBLE_RATE


@formula(
    unit="1/year",
    source="docs/economics.md#capital-recovery: annuity of corporate-finance textbooks; NREL levelised cost of energy",
)
def capital_recovery_factor(discount_rate_per_year: pl.Expr, life_years: pl.Expr) -> pl.Expr:
    """Yearly payment, in arrears, that repays one dollar over the life with interest: r / (1 - (1 + r)^-n).

    At r = 0 it is the straight line, 1/n.
    """
    r, n = discount_rate_per_year, life_years
    return pl.when(r.abs() < NEGLIGIBLE_RATE).then(1.0 / n).otherwise(r / (1.0 - (1.0 + r).pow(-n)))


@formula(unit="usd/gpu_hour", source="M02; document 000:7,46,199", reading="as_published")
def capital_usd_per_gpu_hour__as_published(
    purchase_price_usd: pl.Expr, residual_share: pl.Expr, life_years: pl.Expr
) -> pl.Expr:
    """P (1 - residual share) / (8760 L): a straight line over every hour of the life, without cost of capital."""
    return purchase_price_usd * (1.0 - residual_share) / (HOURS_PER_YEAR * life_years)


@formula(
    unit="usd/gpu_hour",
    source="docs/economics.md#capital-recovery: capital recovery with salvage value, NREL levelised cost of energy",
    reading="professional",
)
def capital_usd_per_gpu_hour__professional(
    purchase_price_usd: pl.Expr, residual_share: pl.Expr, discount_rate_per_year: pl.Expr, life_years: pl.Expr
) -> pl.Expr:
    """[(P - S) * CRF + S * r] / 8760, S = residual share * P: what the GPU must earn every hour of its life.

    Interest runs on the residual too: it is got back, but only at the end. Charging the cost of capital on the
    full price beside a straight line would count the declining balance twice.
    """
    residual = purchase_price_usd * residual_share
    factor = capital_recovery_factor(discount_rate_per_year, life_years)
    return ((purchase_price_usd - residual) * factor + residual * discount_rate_per_year) / HOURS_PER_YEAR


@formula(
    unit="usd/gpu_hour",
    source="docs/economics.md#falling-rent: present value of a geometrically falling rent, paid mid-year",
)
def first_year_capital_usd_per_gpu_hour(
    purchase_price_usd: pl.Expr,
    residual_share: pl.Expr,
    discount_rate_per_year: pl.Expr,
    life_years: pl.Expr,
    rent_decline_per_year: pl.Expr,
    utilisation: pl.Expr,
) -> pl.Expr:
    """[P - S (1+r)^-n] / {8760 u * sum over k < n of (1-g)^k (1+r)^-(k+1/2)}, per sold hour of the first year.

    Rents fall by g a year, so the first year must earn more than the level charge. With g = 0 it is that charge
    paid mid-year instead of in arrears.
    """
    years = discounted_years(discount_rate_per_year, life_years, rent_decline_per_year)
    recovered = purchase_price_usd * (1.0 - residual_share * (1.0 + discount_rate_per_year).pow(-life_years))
    return recovered / (HOURS_PER_YEAR * utilisation * years * (1.0 + discount_rate_per_year).pow(-0.5))


def discounted_years(rate: pl.Expr, years: pl.Expr, decline: pl.Expr) -> pl.Expr:
    """Sum over k < n of (1-g)^k (1+r)^-k: years of a dollar that falls by g, each worth what it is in the first."""
    growth = (1.0 - decline) / (1.0 + rate)
    # Where rents grow as fast as money is discounted, every year counts the same: the sum is n.
    level = (growth - 1.0).abs() < NEGLIGIBLE_RATE
    return pl.when(level).then(years).otherwise((1.0 - growth.pow(years)) / (1.0 - growth))
