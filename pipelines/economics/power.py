"""Electricity of a GPU: watts at the server, at the meter and provisioned, and what an hour of them costs.

Not here: space (space.py), and which market's price is taken.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula

WATTS_PER_KW = 1000.0


@formula(unit="W/gpu", source="M03; document 000:31-36")
def server_w_per_gpu(server_kw: pl.Expr, gpus_per_server: pl.Expr) -> pl.Expr:
    """Server or rack at full draw over its GPUs."""
    return server_kw * WATTS_PER_KW / gpus_per_server


@formula(unit="percent", source="document 000:25; Uptime Institute's definition of PUE")
def cooling_overhead_pct(pue: pl.Expr) -> pl.Expr:
    """100 (PUE - 1): power for cooling and losses over the servers' own."""
    return 100.0 * (pue - 1.0)


@formula(unit="kW/gpu", source="M03; document 000:30-36")
def server_kw_per_gpu(server_w_per_gpu: pl.Expr) -> pl.Expr:
    """A GPU's share of its server at full draw: chip, host, network cards, fans and supply losses."""
    return server_w_per_gpu / WATTS_PER_KW


@formula(unit="kW/gpu", source="M03; document 000:30; Uptime Institute's definition of PUE")
def facility_kw_per_gpu(server_kw_per_gpu: pl.Expr, pue: pl.Expr) -> pl.Expr:
    """Server draw x PUE: what the facility's meter sees for the GPU."""
    return server_kw_per_gpu * pue


@formula(unit="kW/gpu", source="bases of a MW: server, facility, provisioned")
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
