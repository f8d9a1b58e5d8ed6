"""What a cheaper kilowatt-hour is worth to a GPU and to a fleet. Forms both readings share.

Not here: the price of an hour's electricity itself (power.py), a facility's saving by PUE.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.hours import HOURS_PER_YEAR


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
