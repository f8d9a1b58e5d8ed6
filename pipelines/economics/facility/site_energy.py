"""Energy of a whole site: what cooling adds, what a cheaper kilowatt-hour saves, what a demand charge adds to one.

Not here: electricity of a GPU and of fleets of GPUs (gpu_hour/power.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import HOURS_PER_YEAR, KW_PER_MW, MONTHS_PER_YEAR


@formula(unit="MW", source="M04; document 000:227")
def cooling_load_mw(it_mw: pl.Expr, pue_reduction: pl.Expr) -> pl.Expr:
    """IT load x difference of PUE: the draw that a better PUE does without."""
    return it_mw * pue_reduction


@formula(unit="usd/year", source="M04; document 000:25,227")
def pue_saving_usd_per_year(cooling_load_mw: pl.Expr, price_usd_per_kwh: pl.Expr) -> pl.Expr:
    """Load saved x 8760 x price of energy."""
    return cooling_load_mw * KW_PER_MW * HOURS_PER_YEAR * price_usd_per_kwh


@formula(unit="usd/kW/month", source="M16; document 000:215,247")
def electricity_usd_per_kw_month(price_usd_per_kwh: pl.Expr, hours_per_month: pl.Expr) -> pl.Expr:
    """Hours of the month x price: one kilowatt drawn without pause."""
    return price_usd_per_kwh * hours_per_month


@formula(unit="usd/kW/month", source="M16; document 000:207,247")
def energy_advantage_usd_per_kw_month(
    price_usd_per_kwh: pl.Expr, owned_price_usd_per_kwh: pl.Expr, hours_per_month: pl.Expr
) -> pl.Expr:
    """Hours of the month x difference of prices."""
    return (price_usd_per_kwh - owned_price_usd_per_kwh) * hours_per_month


@formula(unit="usd/kW/year", source="M16; document 000:247, on 8,760 hours")
def energy_advantage_usd_per_kw_year(price_usd_per_kwh: pl.Expr, owned_price_usd_per_kwh: pl.Expr) -> pl.Expr:
    """8760 x difference of prices."""
    return (price_usd_per_kwh - owned_price_usd_per_kwh) * HOURS_PER_YEAR


@formula(unit="usd/kW/year", source="M16; document 000:247: twelve printed months")
def twelve_months_usd_per_kw_year(monthly_usd_per_kw: pl.Expr) -> pl.Expr:
    """12 x a month's amount."""
    return MONTHS_PER_YEAR * monthly_usd_per_kw


@formula(unit="usd/year", source="M16; document 000:207,247")
def site_energy_advantage_usd_per_year(
    energy_advantage_usd_per_kw_year: pl.Expr, site_mw: pl.Expr, load_factor: pl.Expr
) -> pl.Expr:
    """Advantage of a kW-year x kW of the site x the share of it drawn on average."""
    return energy_advantage_usd_per_kw_year * site_mw * KW_PER_MW * load_factor


@formula(unit="percent", source="M16; document 000:215")
def electricity_share_of_colo_rate_pct(
    electricity_usd_per_kw_month: pl.Expr, colo_rate_usd_per_kw_month: pl.Expr
) -> pl.Expr:
    """Electricity of a kW-month over the rate that includes it."""
    return 100.0 * electricity_usd_per_kw_month / colo_rate_usd_per_kw_month


@formula(
    unit="usd/kWh",
    source="docs/economics.md#power-tariff: two-part tariff of utility rate schedules: energy and demand",
)
def demand_usd_per_kwh(demand_charge_usd_per_kw_month: pl.Expr, load_factor: pl.Expr) -> pl.Expr:
    """12 x demand charge / (8760 x load factor): the charge for the peak, spread over the energy used."""
    return MONTHS_PER_YEAR * demand_charge_usd_per_kw_month / (HOURS_PER_YEAR * load_factor)


@formula(
    unit="usd/kWh",
    source="docs/economics.md#power-tariff: two-part tariff of utility rate schedules: energy and demand",
)
def tariff_usd_per_kwh(price_usd_per_kwh: pl.Expr, demand_usd_per_kwh: pl.Expr) -> pl.Expr:
    """Energy price + demand charge per kWh."""
    return price_usd_per_kwh + demand_usd_per_kwh


@formula(unit="usd/gpu_hour", source="docs/economics.md#power-tariff: energy on measured draw, capacity on provisioned")
def tariff_usd_per_gpu_hour(
    drawn_kw_per_gpu: pl.Expr,
    provisioned_kw_per_gpu: pl.Expr,
    price_usd_per_kwh: pl.Expr,
    demand_charge_usd_per_kw_month: pl.Expr,
) -> pl.Expr:
    """Drawn kW x energy price + provisioned kW x 12 x demand charge / 8760: an hour in use, the peak always paid."""
    capacity = provisioned_kw_per_gpu * MONTHS_PER_YEAR * demand_charge_usd_per_kw_month / HOURS_PER_YEAR
    return drawn_kw_per_gpu * price_usd_per_kwh + capacity
