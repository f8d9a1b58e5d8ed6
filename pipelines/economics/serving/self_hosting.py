"""Own GPUs against an API: how many tokens a day a GPU must serve before it is cheaper than buying them.

Break-even utilisation itself is F / (value - v) (gpu_hour/margin.py), with the hour valued at the API's prices.

Not here: staff, failover and idle capacity of a self-hosted service; they raise the break-even.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import HOURS_PER_DAY


@formula(unit="Mtok/gpu/day", source="M26")
def capacity_mtok_per_day(mtok_per_gpu_hour: pl.Expr) -> pl.Expr:
    """Tokens a GPU makes in 24 hours of full use."""
    return HOURS_PER_DAY * mtok_per_gpu_hour


@formula(unit="Mtok/gpu/day", source="M26: volume = 24 x cost / price")
def breakeven_mtok_per_day(
    fixed_cost_usd_per_gpu_hour: pl.Expr,
    electricity_usd_per_gpu_hour: pl.Expr,
    blended_price_usd_per_mtok: pl.Expr,
    mtok_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """24 F / (p - v / tokens per hour): tokens a day that cost as much from the API as one GPU does.

    Infinite (stored as null) where the price does not even pay the electricity. Above the GPU's capacity it cannot
    be reached.
    """
    contribution = blended_price_usd_per_mtok - electricity_usd_per_gpu_hour / mtok_per_gpu_hour
    volume = HOURS_PER_DAY * fixed_cost_usd_per_gpu_hour / contribution
    return pl.when(contribution > 0).then(volume).when(contribution <= 0).then(float("inf"))


@formula(unit="1", source="M26: never above 100%")
def breakeven_is_reachable(breakeven_utilisation_pct: pl.Expr) -> pl.Expr:
    """1 where a GPU in full use is cheaper than the API, 0 where it never is."""
    return pl.when(breakeven_utilisation_pct.is_not_null()).then((breakeven_utilisation_pct <= 100.0).cast(pl.Float64))


@formula(unit="gpu", source="M09: weights and room for caches must fit the memory of whole GPUs")
def gpus_to_hold_the_model(weight_gb: pl.Expr, memory_gb: pl.Expr, weight_share_of_memory: pl.Expr) -> pl.Expr:
    """Weights over the share of a GPU's memory left to them, in whole GPUs: no service is smaller."""
    return (weight_gb / (memory_gb * weight_share_of_memory)).ceil()


@formula(unit="Mtok/day", source="M26 for the smallest service there is")
def breakeven_mtok_per_day_of_service(breakeven_mtok_per_day: pl.Expr, gpus_to_hold_the_model: pl.Expr) -> pl.Expr:
    """Break-even volume of the GPUs that hold the model together."""
    return breakeven_mtok_per_day * gpus_to_hold_the_model


@formula(unit="usd/gpu_hour", source="M26: a stated break-even utilisation read backwards; document 004:184")
def implied_api_value_usd_per_gpu_hour(
    served_hour_cost_usd_per_gpu_hour: pl.Expr, stated_breakeven_pct: pl.Expr
) -> pl.Expr:
    """API value of an hour that a stated break-even utilisation implies at the cost of the hour."""
    return 100.0 * served_hour_cost_usd_per_gpu_hour / stated_breakeven_pct
