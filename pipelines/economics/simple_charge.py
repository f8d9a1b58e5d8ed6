"""The documents' cost of capital and of space: a rate on the full price, a straight line on the building.

Only for the `as_published` reading. Not here: the capital recovery factor (capital.py), forms both readings share.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.hours import HOURS_PER_YEAR
from pipelines.economics.margin import PERCENT
from pipelines.economics.slots import KW_PER_MW


@formula(unit="usd/gpu/year", source="C2; document 000:201")
def capital_charge_usd_per_gpu_year(purchase_price_usd: pl.Expr, discount_rate_per_year: pl.Expr) -> pl.Expr:
    """Purchase price x cost of capital: interest on the full price in every year (ledger I-43)."""
    return purchase_price_usd * discount_rate_per_year


@formula(unit="usd/gpu_hour", source="C2; document 000:201")
def capital_charge_usd_per_gpu_hour(capital_charge_usd_per_gpu_year: pl.Expr) -> pl.Expr:
    """The yearly charge / 8760."""
    return capital_charge_usd_per_gpu_year / HOURS_PER_YEAR


@formula(unit="usd/gpu_hour", source="C2; document 000:7,201: straight line plus a charge on the full price")
def charged_capital_usd_per_gpu_hour(
    capital_usd_per_gpu_hour: pl.Expr, capital_charge_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """Straight line + charge. It counts the declining balance twice: 1.449 where the annuity gives 1.331."""
    return capital_usd_per_gpu_hour + capital_charge_usd_per_gpu_hour


@formula(unit="usd/gpu_hour", source="C2; document 000:201")
def fully_loaded_usd_per_gpu_hour(
    base_cost_usd_per_gpu_hour: pl.Expr, capital_charge_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """Cost before capital (1.10, which the document does not build up: ledger I-04) + the charge."""
    return base_cost_usd_per_gpu_hour + capital_charge_usd_per_gpu_hour


@formula(unit="percent", source="C2; document 000:202; 001:279-288")
def simple_breakeven_utilisation_pct(
    fully_loaded_usd_per_gpu_hour: pl.Expr, price_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """Fully loaded cost / rent: electricity counts as paid for every hour."""
    return PERCENT * fully_loaded_usd_per_gpu_hour / price_usd_per_gpu_hour


@formula(unit="usd/gpu_hour", source="C2, full form; document 000:198")
def charged_fixed_usd_per_gpu_hour(
    charged_capital_usd_per_gpu_hour: pl.Expr,
    maintenance_usd_per_gpu_hour: pl.Expr,
    fixed_opex_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """P (1 - residual) / (8760 L) + P x WACC / 8760 + m P / 8760 + other fixed cost of an hour of the clock."""
    return charged_capital_usd_per_gpu_hour + maintenance_usd_per_gpu_hour + fixed_opex_usd_per_gpu_hour


@formula(unit="percent", source="C2, full form")
def full_breakeven_utilisation_pct(
    charged_fixed_usd_per_gpu_hour: pl.Expr,
    price_usd_per_gpu_hour: pl.Expr,
    electricity_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """Fixed cost / (rent - electricity): only the hours in use pay for energy."""
    return PERCENT * charged_fixed_usd_per_gpu_hour / (price_usd_per_gpu_hour - electricity_usd_per_gpu_hour)


@formula(unit="usd/year", source="document 000:202")
def extra_interest_usd_per_year(debt_usd: pl.Expr, rate_difference_per_year: pl.Expr) -> pl.Expr:
    """Debt x difference of the rates, on the full balance."""
    return debt_usd * rate_difference_per_year


@formula(unit="usd/gpu/month", source="M05; document 000:58")
def colo_usd_per_gpu_month(colo_rate_usd_per_kw_month: pl.Expr, facility_kw_per_gpu: pl.Expr) -> pl.Expr:
    """Colocation rate x facility kW: the month's bill for one GPU."""
    return colo_rate_usd_per_kw_month * facility_kw_per_gpu


@formula(unit="usd/gpu_hour", source="C1; document 000:48,232 (ledger I-40)")
def owned_facility_usd_per_gpu_hour(
    facility_capex_usd_per_mw: pl.Expr, facility_kw_per_gpu: pl.Expr, facility_life_years: pl.Expr
) -> pl.Expr:
    """Building per MW x the GPU's facility kW over every hour of the building's life, without cost of capital."""
    return facility_capex_usd_per_mw * facility_kw_per_gpu / KW_PER_MW / (HOURS_PER_YEAR * facility_life_years)
