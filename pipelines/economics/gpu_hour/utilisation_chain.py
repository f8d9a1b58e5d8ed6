"""From hours of the clock to hours on a bill: what is up, not kept as a spare, sold, and not given back.

Not here: any of the shares, which no operator publishes (core.assumption).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula


@formula(unit="1", source="docs/economics.md#utilisation-chain")
def billed_share(
    availability_share: pl.Expr, spare_share: pl.Expr, sold_share: pl.Expr, credit_share: pl.Expr
) -> pl.Expr:
    """Availability x (1 - spares) x sold x (1 - credits and own use): hours on a bill per hour of the clock."""
    return availability_share * (1.0 - spare_share) * sold_share * (1.0 - credit_share)


@formula(unit="usd/gpu_hour", source="docs/economics.md#utilisation-chain")
def idle_electricity_usd_per_gpu_hour(electricity_usd_per_gpu_hour: pl.Expr, idle_power_share: pl.Expr) -> pl.Expr:
    """Electricity of an hour in use x the share of full draw an idle server takes."""
    return electricity_usd_per_gpu_hour * idle_power_share


@formula(unit="usd/gpu_hour", source="docs/economics.md#utilisation-chain")
def cost_usd_per_billed_gpu_hour(
    fixed_cost_usd_per_gpu_hour: pl.Expr,
    electricity_usd_per_gpu_hour: pl.Expr,
    idle_electricity_usd_per_gpu_hour: pl.Expr,
    billed_share: pl.Expr,
) -> pl.Expr:
    """F / u + v_busy + v_idle (1 - u) / u, u the billed share: unbilled hours are paid for, and draw power."""
    unbilled = (1.0 - billed_share) / billed_share
    return (
        fixed_cost_usd_per_gpu_hour / billed_share
        + electricity_usd_per_gpu_hour
        + idle_electricity_usd_per_gpu_hour * unbilled
    )
