"""A data centre as an investment: capital and running cost by line, per MW and for the site, margins, savings.

Not here: what its space or GPUs rent for, cost per GPU-hour, energy (site_energy.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import HOURS_PER_YEAR, KW_PER_MW, MONTHS_PER_YEAR, PERCENT


@formula(unit="usd/MW", source="M17; document 000:232-234")
def capex_usd_per_mw(shell_capex_usd_per_mw: pl.Expr, fit_out_capex_usd_per_mw: pl.Expr) -> pl.Expr:
    """Shell and core + fit-out with GPUs and networking."""
    return shell_capex_usd_per_mw + fit_out_capex_usd_per_mw


@formula(unit="usd/MW", source="M17; document 000:235 (ledger I-32)")
def shell_components_usd_per_mw(
    land_usd_per_kw: pl.Expr,
    power_infrastructure_usd_per_kw: pl.Expr,
    cooling_plant_usd_per_kw: pl.Expr,
    building_usd_per_kw: pl.Expr,
    site_network_usd_per_kw: pl.Expr,
) -> pl.Expr:
    """The named components of shell and core, per kW, x 1000."""
    named = land_usd_per_kw + power_infrastructure_usd_per_kw + cooling_plant_usd_per_kw
    return (named + building_usd_per_kw + site_network_usd_per_kw) * KW_PER_MW


@formula(unit="usd/MW", source="M17; document 000:232,235 (ledger I-32)")
def unnamed_shell_usd_per_mw(shell_capex_usd_per_mw: pl.Expr, shell_components_usd_per_mw: pl.Expr) -> pl.Expr:
    """Shell and core less its named components: what the document prints and does not explain."""
    return shell_capex_usd_per_mw - shell_components_usd_per_mw


@formula(unit="usd/MW/year", source="M17; document 000:239-245")
def opex_usd_per_mw_year(
    electricity_usd_per_mw_year: pl.Expr,
    cooling_usd_per_mw_year: pl.Expr,
    personnel_usd_per_mw_year: pl.Expr,
    hardware_maintenance_usd_per_mw_year: pl.Expr,
    connectivity_usd_per_mw_year: pl.Expr,
    other_usd_per_mw_year: pl.Expr,
) -> pl.Expr:
    """The six lines of running cost added up."""
    return (
        electricity_usd_per_mw_year
        + cooling_usd_per_mw_year
        + personnel_usd_per_mw_year
        + hardware_maintenance_usd_per_mw_year
        + connectivity_usd_per_mw_year
        + other_usd_per_mw_year
    )


@formula(unit="usd/MW/year", source="M17; document 000:239, by observed price: a megawatt of IT load over a year")
def electricity_usd_per_mw_year(
    price_usd_per_kwh: pl.Expr, load_factor: pl.Expr, pue: pl.Expr, electricity_borne: pl.Expr
) -> pl.Expr:
    """1000 kW x 8760 x load factor x PUE x price; 0 where the tenant pays it (`electricity_borne` is 0)."""
    return KW_PER_MW * HOURS_PER_YEAR * load_factor * pue * price_usd_per_kwh * electricity_borne


@formula(unit="usd/MW/year", source="M17, M18: space let by the contracted kW and month")
def space_revenue_usd_per_mw_year(colo_rate_usd_per_kw_month: pl.Expr, leased_share: pl.Expr) -> pl.Expr:
    """Rate x 1000 kW x 12 months x the share that is let."""
    return colo_rate_usd_per_kw_month * KW_PER_MW * MONTHS_PER_YEAR * leased_share


@formula(unit="usd/MW", source="M17; document 000:233: GPUs of a MW at their price")
def fit_out_capex_usd_per_mw(gpus_per_mw: pl.Expr, purchase_price_usd: pl.Expr) -> pl.Expr:
    """GPUs of a MW x price of one; the price recorded is of a GPU's share of its server."""
    return gpus_per_mw * purchase_price_usd


@formula(unit="usd", source="M17; document 000:263-265")
def facility_capex_usd(capex_usd_per_mw: pl.Expr, facility_mw: pl.Expr) -> pl.Expr:
    """Capital of a MW x MW."""
    return capex_usd_per_mw * facility_mw


@formula(unit="usd/year", source="M17; document 000:266-270")
def facility_opex_usd_per_year(opex_usd_per_mw_year: pl.Expr, facility_mw: pl.Expr) -> pl.Expr:
    """Running cost of a MW x MW."""
    return opex_usd_per_mw_year * facility_mw


@formula(unit="usd/year", source="M17; ledger I-30: straight line over the life of each part")
def facility_depreciation_usd_per_year(
    shell_capex_usd_per_mw: pl.Expr,
    facility_life_years: pl.Expr,
    fit_out_capex_usd_per_mw: pl.Expr,
    fit_out_life_years: pl.Expr,
    facility_mw: pl.Expr,
) -> pl.Expr:
    """(Shell / its life + fit-out / its life) x MW."""
    of_mw = shell_capex_usd_per_mw / facility_life_years + fit_out_capex_usd_per_mw / fit_out_life_years
    return of_mw * facility_mw


@formula(unit="usd/year", source="M17; document 000:271")
def facility_revenue_usd_per_year(revenue_usd_per_mw_year: pl.Expr, facility_mw: pl.Expr) -> pl.Expr:
    """Revenue of a MW x MW."""
    return revenue_usd_per_mw_year * facility_mw


@formula(unit="percent", source="M17; document 000:272")
def margin_before_depreciation_pct(
    facility_revenue_usd_per_year: pl.Expr, facility_opex_usd_per_year: pl.Expr
) -> pl.Expr:
    """(Revenue - running cost) / revenue: what the documents call the target gross margin."""
    return PERCENT * (1.0 - facility_opex_usd_per_year / facility_revenue_usd_per_year)


@formula(unit="percent", source="M17; ledger I-30")
def margin_after_depreciation_pct(
    facility_revenue_usd_per_year: pl.Expr,
    facility_opex_usd_per_year: pl.Expr,
    facility_depreciation_usd_per_year: pl.Expr,
) -> pl.Expr:
    """(Revenue - running cost - depreciation) / revenue: what is left once the plant is written off."""
    costs = facility_opex_usd_per_year + facility_depreciation_usd_per_year
    return PERCENT * (1.0 - costs / facility_revenue_usd_per_year)


@formula(unit="usd/year", source="M17; document 000:246: two totals per MW, low with low and high with high")
def opex_advantage_usd_per_year(
    opex_usd_per_mw_year: pl.Expr, owner_opex_usd_per_mw_year: pl.Expr, facility_mw: pl.Expr
) -> pl.Expr:
    """(Running cost of the industry - the owner's) x MW."""
    return (opex_usd_per_mw_year - owner_opex_usd_per_mw_year) * facility_mw


@formula(unit="percent", source="M17; document 000:273: points of margin a saving is worth")
def saving_in_margin_points(saving_usd_per_year: pl.Expr, facility_revenue_usd_per_year: pl.Expr) -> pl.Expr:
    """Saving / revenue."""
    return PERCENT * saving_usd_per_year / facility_revenue_usd_per_year


@formula(unit="usd", source="M17; document 000:273: a plain sum over the years (ledger I-37)")
def undiscounted_saving_usd(saving_usd_per_year: pl.Expr, facility_life_years: pl.Expr) -> pl.Expr:
    """Saving of a year x years."""
    return saving_usd_per_year * facility_life_years


@formula(unit="usd", source="M17; ledger I-37: annuity of corporate-finance textbooks, payments at year ends")
def present_value_of_saving_usd(
    saving_usd_per_year: pl.Expr, facility_life_years: pl.Expr, facility_rate_per_year: pl.Expr
) -> pl.Expr:
    """S (1 - (1 + r)^-n) / r: the same saving, each year worth less the later it comes."""
    r = facility_rate_per_year
    return saving_usd_per_year * (1.0 - (1.0 + r).pow(-facility_life_years)) / r
