"""Owning GPUs beside renting them: what is left of the price, what a fleet saves, and a blend of the two.

Forms both readings share. Not here: the charge for capital (capital_charge.py, simple_charge.py), break-even
(margin.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import HOURS_PER_YEAR


@formula(unit="usd/gpu_hour", source="document 000:16,198: 2-5% of GPUs fail in a year")
def maintenance_usd_per_gpu_hour(purchase_price_usd: pl.Expr, maintenance_share_per_year: pl.Expr) -> pl.Expr:
    """Purchase price * yearly share replaced or repaired / 8760."""
    return purchase_price_usd * maintenance_share_per_year / HOURS_PER_YEAR


@formula(unit="usd/gpu", source="C2; document 000:193-197")
def residual_value_usd(purchase_price_usd: pl.Expr, residual_share: pl.Expr) -> pl.Expr:
    """Purchase price x the share got back when the GPU is sold at the end of its life."""
    return purchase_price_usd * residual_share


@formula(unit="gpu/year", source="document 000:16,29")
def failures_per_year(gpus: pl.Expr, failure_share_per_year: pl.Expr) -> pl.Expr:
    """GPUs x the share that fails in a year: what has to be swapped, and what a spare buffer is sized by."""
    return gpus * failure_share_per_year


@formula(unit="usd/gpu_hour", source="C1; document 000:27")
def storage_usd_per_gpu_hour(capital_usd_per_gpu_hour: pl.Expr, storage_share_of_compute: pl.Expr) -> pl.Expr:
    """Storage of weights, spilled cache and logs, as a share of the compute cost it serves (ledger I-26)."""
    return capital_usd_per_gpu_hour * storage_share_of_compute


@formula(unit="usd", source="document 000:26")
def network_cost_usd(gpus: pl.Expr, purchase_price_usd: pl.Expr, network_share_of_cluster: pl.Expr) -> pl.Expr:
    """GPUs x price x the share the network adds to it."""
    return gpus * purchase_price_usd * network_share_of_cluster


@formula(unit="usd/gpu_hour", source="M06; document 000:54-55")
def ownership_advantage_usd_per_gpu_hour(
    rented_stack_usd_per_gpu_hour: pl.Expr, owned_stack_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """Cost of an hour in a rented facility less the same hour in an owned one."""
    return rented_stack_usd_per_gpu_hour - owned_stack_usd_per_gpu_hour


@formula(unit="gpu", source="M06; document 000:54")
def fleet_gpus(fleet_mw: pl.Expr, gpus_per_mw: pl.Expr) -> pl.Expr:
    """Megawatts x GPUs per megawatt, both on one basis (server or facility watts)."""
    return fleet_mw * gpus_per_mw


@formula(unit="usd/year", source="M06; document 000:54")
def ownership_advantage_usd_per_year(
    fleet_gpus: pl.Expr, ownership_advantage_usd_per_gpu_hour: pl.Expr, utilisation: pl.Expr
) -> pl.Expr:
    """GPUs x hours in use of a year x the advantage of an hour.

    Space and amortisation are paid for idle hours too; the documents count the hours in use (ledger I-14).
    """
    return fleet_gpus * HOURS_PER_YEAR * utilisation * ownership_advantage_usd_per_gpu_hour


@formula(unit="usd/gpu_hour", source="M06; document 000:56,333")
def barbell_blend_usd_per_gpu_hour(
    owned_stack_usd_per_gpu_hour: pl.Expr, rented_stack_usd_per_gpu_hour: pl.Expr, owned_share: pl.Expr
) -> pl.Expr:
    """Owned share x cost of an owned hour + the rest x cost of a rented one."""
    return owned_share * owned_stack_usd_per_gpu_hour + (1.0 - owned_share) * rented_stack_usd_per_gpu_hour


@formula(unit="usd/gpu_hour", source="C2; what an hour in use costs its owner at full use")
def owned_usd_per_gpu_hour(fixed_cost_usd_per_gpu_hour: pl.Expr, electricity_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """F + v: everything paid for an hour of the clock in which the GPU is used."""
    return fixed_cost_usd_per_gpu_hour + electricity_usd_per_gpu_hour


@formula(unit="usd/gpu_hour", source="C2; reserved capacity is paid for every hour")
def rent_usd_per_used_gpu_hour(price_usd_per_gpu_hour: pl.Expr, take_or_pay: pl.Expr, used_share: pl.Expr) -> pl.Expr:
    """Rent of an hour that is used: the price itself, or price / share of hours used where every hour is paid for.

    `take_or_pay` is 1 for a reserved term, 0 where only hours in use are paid.
    """
    return price_usd_per_gpu_hour * (take_or_pay / used_share + (1.0 - take_or_pay))


@formula(unit="usd/gpu_hour", source="C2; cost per used hour, F / u + v")
def owned_usd_per_used_gpu_hour(
    fixed_cost_usd_per_gpu_hour: pl.Expr, electricity_usd_per_gpu_hour: pl.Expr, used_share: pl.Expr
) -> pl.Expr:
    """F / u + v: fixed cost over the hours in use, plus their electricity."""
    return fixed_cost_usd_per_gpu_hour / used_share + electricity_usd_per_gpu_hour


@formula(unit="usd/gpu_hour", source="C2; rent less cost of the same used hour")
def owning_saves_usd_per_used_gpu_hour(
    price_usd_per_gpu_hour: pl.Expr,
    take_or_pay: pl.Expr,
    fixed_cost_usd_per_gpu_hour: pl.Expr,
    electricity_usd_per_gpu_hour: pl.Expr,
    used_share: pl.Expr,
) -> pl.Expr:
    """Rent of a used hour less its cost on an owned GPU; below zero renting is cheaper.

    Written in its own operands, so that its range does not count the share of use on both sides.
    """
    paid_for = take_or_pay / used_share + (1.0 - take_or_pay)
    return price_usd_per_gpu_hour * paid_for - fixed_cost_usd_per_gpu_hour / used_share - electricity_usd_per_gpu_hour
