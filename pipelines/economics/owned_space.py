"""A building of one's own, charged as practitioners do: with the cost of the capital in it.

Not here: the documents' straight line (simple_charge.py), rented space (space.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.capital import capital_recovery_factor
from pipelines.economics.formula import formula
from pipelines.economics.hours import HOURS_PER_YEAR
from pipelines.economics.slots import KW_PER_MW


@formula(unit="usd/gpu_hour", source="C1; document 000:48,232 (ledger I-40); NREL levelised cost of energy")
def owned_facility_usd_per_gpu_hour(
    facility_capex_usd_per_mw: pl.Expr,
    facility_kw_per_gpu: pl.Expr,
    facility_life_years: pl.Expr,
    facility_rate_per_year: pl.Expr,
) -> pl.Expr:
    """Building per MW x the GPU's facility kW x capital recovery factor / 8760: comparable with a landlord's rent."""
    factor = capital_recovery_factor(facility_rate_per_year, facility_life_years)
    return facility_capex_usd_per_mw * facility_kw_per_gpu / KW_PER_MW * factor / HOURS_PER_YEAR
