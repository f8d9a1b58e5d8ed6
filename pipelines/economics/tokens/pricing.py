"""Structures of prices: output over input, discounts for cache, batch, spot and commitment, yearly falls, price cuts.

Not here: price indices over a basket (index_numbers), and which price is observed.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="1", source="M13; document 000:134-140")
def output_input_price_ratio(output_price_usd_per_mtok: pl.Expr, input_price_usd_per_mtok: pl.Expr) -> pl.Expr:
    """List price of output over that of input."""
    return output_price_usd_per_mtok / input_price_usd_per_mtok


@formula(unit="1", source="M13; document 000:121,124,131")
def price_factor(cached_discount_share: pl.Expr, batch_discount_share: pl.Expr) -> pl.Expr:
    """(1 - cache discount)(1 - batch discount): what is left of the list price where both apply in turn."""
    return (1.0 - cached_discount_share) * (1.0 - batch_discount_share)


@formula(unit="percent", source="M13; document 000:18-23")
def rental_discount_pct(on_demand_usd_per_gpu_hour: pl.Expr, discounted_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """Spot, reserved or other rent below the on-demand rent of the same GPU."""
    return PERCENT * (1.0 - discounted_usd_per_gpu_hour / on_demand_usd_per_gpu_hour)


@formula(unit="usd/gpu_hour", source="M13; document 001:183")
def committed_rent_usd_per_gpu_hour(on_demand_usd_per_gpu_hour: pl.Expr, commitment_discount_share: pl.Expr) -> pl.Expr:
    """On-demand rent less the discount for a commitment."""
    return on_demand_usd_per_gpu_hour * (1.0 - commitment_discount_share)


@formula(unit="gpu", source="M13; document 000:118-120: a segment's volume in GPUs")
def gpus_for_volume(volume_mtok_per_day: pl.Expr, capacity_mtok_per_day: pl.Expr) -> pl.Expr:
    """GPUs in full use that a day's tokens take."""
    return volume_mtok_per_day / capacity_mtok_per_day


@formula(unit="1", source="M14; document 000:122")
def price_fall_factor(earlier_price_usd_per_mtok: pl.Expr, later_price_usd_per_mtok: pl.Expr) -> pl.Expr:
    """How many times lower the later price is."""
    return earlier_price_usd_per_mtok / later_price_usd_per_mtok


@formula(unit="1/year", source="M14; document 000:114,122; 003:43")
def annual_price_fall_factor(price_fall_factor: pl.Expr, span_years: pl.Expr) -> pl.Expr:
    """(p0 / p1)^(1 / years): times per year."""
    return price_fall_factor ** (1.0 / span_years)


@formula(unit="percent", source="M14")
def annual_price_change_pct(annual_price_fall_factor: pl.Expr) -> pl.Expr:
    """The same fall as a change in percent per year."""
    return PERCENT * (1.0 / annual_price_fall_factor - 1.0)


@formula(unit="1", source="M15; document 000:59")
def unit_cost_ratio(throughput_advantage: pl.Expr) -> pl.Expr:
    """Cost of a token at m times the throughput of the same GPU, over the rival's: 1 / m."""
    return 1.0 / throughput_advantage


@formula(unit="percent", source="M15; document 000:147")
def rival_margin_pct(rival_price_usd_per_mtok: pl.Expr, rival_cost_usd_per_mtok: pl.Expr) -> pl.Expr:
    """1 - C/P: what the slower seller keeps of its price."""
    return PERCENT * (1.0 - rival_cost_usd_per_mtok / rival_price_usd_per_mtok)


@formula(unit="percent", source="M15; document 000:147")
def moat_margin_pct(
    rival_price_usd_per_mtok: pl.Expr,
    rival_cost_usd_per_mtok: pl.Expr,
    throughput_advantage: pl.Expr,
    price_cut_share: pl.Expr,
) -> pl.Expr:
    """1 - (C/m) / ((1 - d) P): what m times the throughput keeps of a price cut by d."""
    cost = rival_cost_usd_per_mtok / throughput_advantage
    return PERCENT * (1.0 - cost / ((1.0 - price_cut_share) * rival_price_usd_per_mtok))


@formula(unit="usd/Mtok", source="M15: in dollars, not in percent")
def moat_gain_usd_per_mtok(
    rival_price_usd_per_mtok: pl.Expr,
    rival_cost_usd_per_mtok: pl.Expr,
    throughput_advantage: pl.Expr,
    price_cut_share: pl.Expr,
) -> pl.Expr:
    """[(1 - d) P - C/m] - [P - C]: what the faster seller keeps of a token more than the rival does."""
    return rival_cost_usd_per_mtok * (1.0 - 1.0 / throughput_advantage) - price_cut_share * rival_price_usd_per_mtok


@formula(unit="1", source="M15: the margin is better for every cost and price, or for none")
def moat_margin_exceeds_rival(throughput_advantage: pl.Expr, price_cut_share: pl.Expr) -> pl.Expr:
    """1 where m (1 - d) > 1: cost falls by more than price, whatever C and P are; else 0."""
    return (throughput_advantage * (1.0 - price_cut_share) > 1.0).cast(pl.Float64)


@formula(unit="1", source="M15: from which C/P on dollars follow percent")
def moat_breakeven_cost_share(throughput_advantage: pl.Expr, price_cut_share: pl.Expr) -> pl.Expr:
    """D / (1 - 1/m): the rival's cost share of price above which the faster seller also keeps more dollars."""
    return price_cut_share / (1.0 - 1.0 / throughput_advantage)
