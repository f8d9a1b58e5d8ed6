"""Electricity of a GPU: watts at the server, at the meter and provisioned, cost of an hour, saving by a cheaper kWh.

Not here: space (space.py), a facility's saving by PUE (site_energy.py), and which market's price is taken.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import HOURS_PER_YEAR, PERCENT, WATTS_PER_KW


@formula(unit="W/gpu", source="M03; document 000:31-36")
def server_w_per_gpu(server_kw: pl.Expr, gpus_per_server: pl.Expr) -> pl.Expr:
    """Server or rack at full draw over its GPUs."""
    return server_kw * WATTS_PER_KW / gpus_per_server


@formula(unit="percent", source="document 000:25; Uptime Institute's definition of PUE")
def cooling_overhead_pct(pue: pl.Expr) -> pl.Expr:
    """100 (PUE - 1): power for cooling and losses over the servers' own."""
    return PERCENT * (pue - 1.0)


@formula(unit="kW/gpu", source="M03; document 000:30-36")
def server_kw_per_gpu(server_w_per_gpu: pl.Expr) -> pl.Expr:
    """A GPU's share of its server at full draw: chip, host, network cards, fans and supply losses."""
    return server_w_per_gpu / WATTS_PER_KW


@formula(unit="kW/gpu", source="M03; document 000:30; Uptime Institute's definition of PUE")
def facility_kw_per_gpu(server_kw_per_gpu: pl.Expr, pue: pl.Expr) -> pl.Expr:
    """Server draw x PUE: what the facility's meter sees for the GPU."""
    return server_kw_per_gpu * pue


@formula(unit="kW/gpu", source="docs/economics.md#mw-bases: server, facility, provisioned")
def utility_kw_per_gpu(all_in_w_per_gpu: pl.Expr) -> pl.Expr:
    """All-in provisioned watts: the GPU's share of what the utility has to reserve for the site."""
    return all_in_w_per_gpu / WATTS_PER_KW


@formula(unit="usd/gpu_hour", source="M03; document 000:37")
def electricity_usd_per_gpu_hour(
    facility_kw_per_gpu: pl.Expr, price_usd_per_kwh: pl.Expr, electricity_paid_apart: pl.Expr
) -> pl.Expr:
    """Facility kW x price of energy, per hour in use at full draw; 0 where the space's rate includes the energy.

    `electricity_paid_apart` is 1 where energy is billed beside the space, 0 where the rate includes it.
    """
    return facility_kw_per_gpu * price_usd_per_kwh * electricity_paid_apart


@formula(unit="usd/gpu/year", source="M03; document 000:43")
def electricity_usd_per_gpu_year(electricity_usd_per_gpu_hour: pl.Expr, utilisation: pl.Expr) -> pl.Expr:
    """Electricity of the hours in use: 7,446 of 8,760 at 85%."""
    return electricity_usd_per_gpu_hour * HOURS_PER_YEAR * utilisation


@formula(unit="hour/year", source="M03; document 000:43")
def hours_in_use_per_year(utilisation: pl.Expr) -> pl.Expr:
    """8760 x the share of hours in use."""
    return HOURS_PER_YEAR * utilisation


@formula(unit="usd/gpu_hour", source="M03; document 000:39-42")
def electricity_saving_usd_per_gpu_hour(
    facility_kw_per_gpu: pl.Expr, price_usd_per_kwh: pl.Expr, owned_price_usd_per_kwh: pl.Expr
) -> pl.Expr:
    """Facility kW x (price at the grid - price of one's own energy)."""
    return facility_kw_per_gpu * (price_usd_per_kwh - owned_price_usd_per_kwh)


@formula(unit="usd/gpu/year", source="M03; document 000:43")
def electricity_saving_usd_per_gpu_year(
    electricity_saving_usd_per_gpu_hour: pl.Expr, hours_in_use_per_year: pl.Expr
) -> pl.Expr:
    """The saving of an hour x the hours in use."""
    return electricity_saving_usd_per_gpu_hour * hours_in_use_per_year


@formula(unit="usd/year", source="M03; document 000:43")
def fleet_electricity_saving_usd_per_year(gpus: pl.Expr, electricity_saving_usd_per_gpu_year: pl.Expr) -> pl.Expr:
    """The saving of a GPU x GPUs."""
    return gpus * electricity_saving_usd_per_gpu_year


@formula(unit="usd/year", source="M03; document 000:24")
def fleet_electricity_usd_per_year(
    gpus: pl.Expr, electricity_usd_per_gpu_hour: pl.Expr, hours_in_use_per_year: pl.Expr
) -> pl.Expr:
    """GPUs x electricity of an hour x the hours in use."""
    return gpus * electricity_usd_per_gpu_hour * hours_in_use_per_year
