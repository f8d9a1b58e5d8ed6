"""A megawatt of GPUs over a year: how many it feeds, what they earn, cost and keep.

The MW has a basis, always said: `basis_kw_per_gpu` is the server's draw (it), the draw with cooling (facility)
or the provisioned power (utility).

Not here: prices, costs of a GPU-hour, and which basis a row is on.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import HOURS_PER_YEAR, KW_PER_MW, WATTS_PER_MW


@formula(unit="gpu/MW", source="M11; document 000:99-104", reading="as_published")
def gpus_per_mw__as_published(basis_kw_per_gpu: pl.Expr) -> pl.Expr:
    """1000 kW over the kW of one GPU slot, in whole GPUs: the documents' revenue is of 784, 559 and 600."""
    return (KW_PER_MW / basis_kw_per_gpu).round()


@formula(unit="gpu/MW", source="M11; document 000:99", reading="professional")
def gpus_per_mw__professional(basis_kw_per_gpu: pl.Expr) -> pl.Expr:
    """1000 kW over the kW of one GPU slot on the row's basis."""
    return KW_PER_MW / basis_kw_per_gpu


@formula(unit="usd/MW/year", source="M11; document 000:99-105")
def revenue_usd_per_mw_year(gpus_per_mw: pl.Expr, price_usd_per_gpu_hour: pl.Expr, utilisation: pl.Expr) -> pl.Expr:
    """GPUs x sold hours of a year x what a sold hour earns."""
    return gpus_per_mw * HOURS_PER_YEAR * utilisation * price_usd_per_gpu_hour


@formula(unit="usd/W/year", source="M11; document 000:105-106")
def revenue_usd_per_watt_year(revenue_usd_per_mw_year: pl.Expr) -> pl.Expr:
    """Revenue of a MW over its million watts."""
    return revenue_usd_per_mw_year / WATTS_PER_MW


@formula(unit="usd/MW/year", source="docs/economics.md#sold-hour: cost per sold hour x sold hours")
def cost_usd_per_mw_year(
    gpus_per_mw: pl.Expr,
    fixed_cost_usd_per_gpu_hour: pl.Expr,
    electricity_usd_per_gpu_hour: pl.Expr,
    utilisation: pl.Expr,
) -> pl.Expr:
    """GPUs x 8760 x (F + u v): fixed cost of every hour, electricity of the hours in use."""
    hourly = fixed_cost_usd_per_gpu_hour + utilisation * electricity_usd_per_gpu_hour
    return gpus_per_mw * HOURS_PER_YEAR * hourly


@formula(unit="usd/MW/year", source="M11; revenue less cost of the same hours")
def gross_profit_usd_per_mw_year(
    gpus_per_mw: pl.Expr,
    price_usd_per_gpu_hour: pl.Expr,
    fixed_cost_usd_per_gpu_hour: pl.Expr,
    electricity_usd_per_gpu_hour: pl.Expr,
    utilisation: pl.Expr,
) -> pl.Expr:
    """GPUs x 8760 x (u (price - v) - F), revenue less cost.

    Written in their own operands, so that its range does not count one operand's spread on both sides.
    """
    hourly = utilisation * (price_usd_per_gpu_hour - electricity_usd_per_gpu_hour) - fixed_cost_usd_per_gpu_hour
    return gpus_per_mw * HOURS_PER_YEAR * hourly


@formula(unit="usd/year", source="M11; document 000:105")
def site_revenue_usd_per_year(revenue_usd_per_mw_year: pl.Expr, site_mw: pl.Expr) -> pl.Expr:
    """Revenue of a MW x the MW of the site."""
    return revenue_usd_per_mw_year * site_mw


@formula(unit="1", source="M11; document 000:105: benchmarks of revenue per watt")
def revenue_per_watt_ratio(
    ai_revenue_usd_per_watt_year: pl.Expr, traditional_revenue_usd_per_watt_year: pl.Expr
) -> pl.Expr:
    """What a watt of an AI facility earns over what one of a traditional data centre does."""
    return ai_revenue_usd_per_watt_year / traditional_revenue_usd_per_watt_year


@formula(unit="percentage_point", source="M12; document 000:112; ledger I-24")
def energy_margin_points(
    dear_price_usd_per_kwh: pl.Expr,
    cheap_price_usd_per_kwh: pl.Expr,
    facility_kw_per_gpu: pl.Expr,
    price_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """Difference of energy price x facility kW, over the price of the hour: margin points cheap energy is worth."""
    saved = (dear_price_usd_per_kwh - cheap_price_usd_per_kwh) * facility_kw_per_gpu
    return 100.0 * saved / price_usd_per_gpu_hour
