"""The compute spread: tokens at their list price less the GPU-hours they take, as power traders read a spark spread.

GPU-hours per million tokens are the heat rate: a property of GPU, model, software and mix. A rent and a token price
move, the heat rate only with a new round of measurements.

Not here: utilisation. The spread is of hours fully used; what idle hours do to it is said by the load.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula


@formula(unit="gpu_hour/Mtok", source="docs/economics.md#compute-spread: 1e6 / 3600 / tokens per second")
def heat_rate_gpu_hours_per_mtok(mtok_per_gpu_hour: pl.Expr) -> pl.Expr:
    """GPU-hours a million tokens of the mix take at full load."""
    return 1.0 / mtok_per_gpu_hour


@formula(unit="usd/gpu_hour", source="docs/economics.md#sold-hour: an hour in use: F + v, nothing idle")
def served_hour_cost_usd_per_gpu_hour(
    fixed_cost_usd_per_gpu_hour: pl.Expr, electricity_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """What an hour of the GPU costs while it serves: the rent, or the fixed cost of an owned one and its energy."""
    return fixed_cost_usd_per_gpu_hour + electricity_usd_per_gpu_hour


@formula(unit="usd/Mtok", source="docs/economics.md#compute-spread: p_token - heat rate x p_gpu_hour")
def spread_usd_per_mtok(
    blended_price_usd_per_mtok: pl.Expr,
    heat_rate_gpu_hours_per_mtok: pl.Expr,
    served_hour_cost_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """What a million tokens leave after the GPU-hours they take, at full load."""
    return blended_price_usd_per_mtok - heat_rate_gpu_hours_per_mtok * served_hour_cost_usd_per_gpu_hour


@formula(unit="usd/gpu_hour", source="docs/economics.md#compute-spread: over the heat rate")
def spread_usd_per_gpu_hour(revenue_usd_per_gpu_hour: pl.Expr, served_hour_cost_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """What an hour of the GPU leaves at full load: its tokens less itself."""
    return revenue_usd_per_gpu_hour - served_hour_cost_usd_per_gpu_hour


@formula(unit="usd/gpu_hour", source="docs/economics.md#compute-spread: at an assumed load")
def loaded_spread_usd_per_gpu_hour(
    revenue_usd_per_gpu_hour: pl.Expr, served_hour_cost_usd_per_gpu_hour: pl.Expr, load: pl.Expr
) -> pl.Expr:
    """What an hour leaves when only the assumed share of its throughput is served; the hour costs the same."""
    return load * revenue_usd_per_gpu_hour - served_hour_cost_usd_per_gpu_hour


@formula(
    unit="gpu_hour/Mtok",
    source="docs/economics.md#compute-spread: the market's heat rate: price of tokens over price of a GPU-hour",
)
def market_heat_rate_gpu_hours_per_mtok(
    blended_price_usd_per_mtok: pl.Expr, served_hour_cost_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """GPU-hours a million tokens may take at most for the spread not to be negative."""
    return blended_price_usd_per_mtok / served_hour_cost_usd_per_gpu_hour


@formula(
    unit="1",
    source="docs/economics.md#compute-spread: of output alone, read backwards into the prompts nobody was billed for",
)
def prompt_tokens_to_break_even(
    spread_usd_per_mtok: pl.Expr, input_price_usd_per_mtok: pl.Expr, input_tokens_per_s_per_gpu: pl.Expr
) -> pl.Expr:
    """Paid input tokens per output token that bring the spread to zero, if they were read within the measured time.

    Measurements that report output alone do read prompts, of a length their publisher knows: where it is longer than
    this, the price pays. 0 where output alone pays; null where input is timed apart.
    """
    needed = pl.max_horizontal(-spread_usd_per_mtok, pl.lit(0.0)) / input_price_usd_per_mtok
    return pl.when(input_tokens_per_s_per_gpu.is_null()).then(needed)
