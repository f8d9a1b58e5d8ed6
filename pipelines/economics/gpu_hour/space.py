"""Space for a GPU: in somebody's data centre by kW and month, or in a building of one's own by its capital.

The documents bill rented space on the draw with cooling and write a building off in a straight line. The trade bills
contracted server kW, and practitioners charge a building with the cost of the capital in it.

Not here: electricity (power.py), which rate or building is taken.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.gpu_hour.capital_charge import capital_recovery_factor
from pipelines.economics.units import HOURS_PER_MONTH, HOURS_PER_YEAR, KW_PER_MW


@formula(unit="usd/gpu_hour", source="M05; document 000:57-58", reading="as_published")
def facility_usd_per_gpu_hour__as_published(
    colo_rate_usd_per_kw_month: pl.Expr, facility_kw_per_gpu: pl.Expr
) -> pl.Expr:
    """Colocation rate x facility kW / 730: the documents bill space on the draw with cooling."""
    return colo_rate_usd_per_kw_month * facility_kw_per_gpu / HOURS_PER_MONTH


@formula(
    unit="usd/gpu_hour",
    source="M05; document 000:57-58, billed on contracted server kW (ledger I-13)",
    reading="professional",
)
def facility_usd_per_gpu_hour__professional(colo_rate_usd_per_kw_month: pl.Expr, server_kw_per_gpu: pl.Expr) -> pl.Expr:
    """Colocation rate x server kW / 730: colocation is contracted by the kW of the load, whether used or not."""
    return colo_rate_usd_per_kw_month * server_kw_per_gpu / HOURS_PER_MONTH


@formula(unit="usd/gpu/month", source="M05; document 000:58")
def colo_usd_per_gpu_month(colo_rate_usd_per_kw_month: pl.Expr, facility_kw_per_gpu: pl.Expr) -> pl.Expr:
    """Colocation rate x facility kW: the month's bill for one GPU."""
    return colo_rate_usd_per_kw_month * facility_kw_per_gpu


@formula(unit="usd/gpu_hour", source="C1; document 000:48,232 (ledger I-40)", reading="as_published")
def owned_facility_usd_per_gpu_hour__as_published(
    facility_capex_usd_per_mw: pl.Expr, facility_kw_per_gpu: pl.Expr, facility_life_years: pl.Expr
) -> pl.Expr:
    """Building per MW x the GPU's facility kW over every hour of the building's life, without cost of capital."""
    return facility_capex_usd_per_mw * facility_kw_per_gpu / KW_PER_MW / (HOURS_PER_YEAR * facility_life_years)


@formula(
    unit="usd/gpu_hour",
    source="C1; document 000:48,232 (ledger I-40); NREL levelised cost of energy",
    reading="professional",
)
def owned_facility_usd_per_gpu_hour__professional(
    facility_capex_usd_per_mw: pl.Expr,
    facility_kw_per_gpu: pl.Expr,
    facility_life_years: pl.Expr,
    facility_rate_per_year: pl.Expr,
) -> pl.Expr:
    """Building per MW x the GPU's facility kW x capital recovery factor / 8760: comparable with a landlord's rent."""
    factor = capital_recovery_factor(facility_rate_per_year, facility_life_years)
    return facility_capex_usd_per_mw * facility_kw_per_gpu / KW_PER_MW * factor / HOURS_PER_YEAR
