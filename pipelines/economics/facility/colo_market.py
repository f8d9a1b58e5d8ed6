"""The market for space: what is let before it stands, and rates brought to one unit. Not here: any rate."""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import MONTHS_PER_YEAR, WATTS_PER_KW


@formula(unit="MW", source="M18; document 000:259")
def preleased_mw(under_construction_mw: pl.Expr, preleased_share: pl.Expr) -> pl.Expr:
    """Capacity under construction x the share of it already let."""
    return under_construction_mw * preleased_share


@formula(unit="usd/kW/month", source="M18; document 000:105 (ledger I-39)")
def watt_year_as_usd_per_kw_month(usd_per_watt_year: pl.Expr) -> pl.Expr:
    """$ per watt and year x 1000 / 12."""
    return usd_per_watt_year * WATTS_PER_KW / MONTHS_PER_YEAR


@formula(unit="usd/W/year", source="M18; ledger I-29: revenue of a site spread over its watts")
def site_usd_per_watt_year(site_revenue_usd_per_year: pl.Expr, site_mw: pl.Expr) -> pl.Expr:
    """Revenue / (MW x 1,000,000)."""
    return site_revenue_usd_per_year / (site_mw * 1e6)


@formula(unit="kW/rack", source="M18; document 000:224 (ledger I-38)")
def rack_kw(servers_per_rack: pl.Expr, server_kw: pl.Expr) -> pl.Expr:
    """Servers of a rack x kW of one."""
    return servers_per_rack * server_kw


@formula(unit="1", source="M18; document 000:224")
def rack_power_ratio(rack_kw: pl.Expr, legacy_rack_kw: pl.Expr) -> pl.Expr:
    """KW of a rack over kW of a legacy one; low over high and high over low are the corners."""
    return rack_kw / legacy_rack_kw


@formula(unit="kW", source="M18; document 000:225: N+1 or 2N")
def built_kw(provisioned_kw: pl.Expr, redundancy_factor: pl.Expr) -> pl.Expr:
    """Power that is promised x how often it is built."""
    return provisioned_kw * redundancy_factor
