"""Time to power: how long a site takes, what money costs while it is built, what an idle GPU loses while it waits.

Not here: the charge for capital once the site runs (gpu_hour/capital_charge.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, NEGLIGIBLE_RATE


@formula(unit="year", source="M22; document 000:328 (ledger I-52)")
def sequential_build_years(
    interconnection_years: pl.Expr, permitting_months: pl.Expr, equipment_months: pl.Expr
) -> pl.Expr:
    """Stages one after the other."""
    return interconnection_years + (permitting_months + equipment_months) / MONTHS_PER_YEAR


@formula(unit="year", source="M22; document 000:328-329: stages side by side")
def parallel_build_years(
    interconnection_years: pl.Expr, permitting_months: pl.Expr, equipment_months: pl.Expr
) -> pl.Expr:
    """The longest stage, all starting together."""
    return pl.max_horizontal(
        interconnection_years, permitting_months / MONTHS_PER_YEAR, equipment_months / MONTHS_PER_YEAR
    )


@formula(unit="1", source="M22; document 000:329: sale price of a finished site over its cost")
def scarcity_multiple(finished_price_usd: pl.Expr, build_cost_usd: pl.Expr) -> pl.Expr:
    """Price of what stands, entitled and connected, over what building it cost."""
    return finished_price_usd / build_cost_usd


@formula(
    unit="1",
    source="docs/economics.md#construction: interest during construction: sum C_t (1+r)^(T-t) with level spending",
)
def construction_interest_factor(discount_rate_per_year: pl.Expr, construction_years: pl.Expr) -> pl.Expr:
    """((1 + r)^T - 1) / (T ln(1 + r)): worth on the opening day of a dollar spent evenly while it was built."""
    grown = (1.0 + discount_rate_per_year).pow(construction_years) - 1.0
    factor = grown / (construction_years * (1.0 + discount_rate_per_year).log())
    level = (discount_rate_per_year.abs() < NEGLIGIBLE_RATE) | (construction_years <= 0.0)
    return pl.when(level).then(1.0).otherwise(factor)


@formula(
    unit="usd/MW",
    source="docs/economics.md#construction: interest during construction: sum C_t (1+r)^(T-t) with level spending",
)
def capex_at_opening_usd_per_mw(shell_capex_usd_per_mw: pl.Expr, construction_interest_factor: pl.Expr) -> pl.Expr:
    """Shell and core with the cost of money until the first day of service."""
    return shell_capex_usd_per_mw * construction_interest_factor


@formula(unit="usd/gpu/month", source="M22: the capital charge of a month without power")
def unpowered_usd_per_gpu_month(capital_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """Capital charge per hour x 730: what a GPU that is bought and not switched on loses in a month."""
    return capital_usd_per_gpu_hour * HOURS_PER_MONTH
