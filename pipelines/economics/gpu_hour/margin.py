"""Cost, margin and break-even of a GPU-hour that is sold, and the waterfall of its costs: sums and ratios.

Not here: how a component is arrived at (capital_charge.py, power.py, space.py, ownership.py), tokens, megawatts.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="usd/gpu_hour", source="M01; document 000:5-12,44-51")
def fixed_cost_usd_per_gpu_hour(
    capital_usd_per_gpu_hour: pl.Expr,
    facility_usd_per_gpu_hour: pl.Expr,
    networking_usd_per_gpu_hour: pl.Expr,
    operations_usd_per_gpu_hour: pl.Expr,
    maintenance_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """Everything paid for every hour of the clock, sold or not."""
    return (
        capital_usd_per_gpu_hour
        + facility_usd_per_gpu_hour
        + networking_usd_per_gpu_hour
        + operations_usd_per_gpu_hour
        + maintenance_usd_per_gpu_hour
    )


@formula(unit="usd/gpu_hour", source="cost per sold hour; ledger I-14")
def idle_usd_per_gpu_hour(fixed_cost_usd_per_gpu_hour: pl.Expr, utilisation: pl.Expr) -> pl.Expr:
    """F (1/u - 1): what the unsold hours add to each sold one. The components and it make up the total."""
    return fixed_cost_usd_per_gpu_hour * (1.0 / utilisation - 1.0)


@formula(unit="usd/gpu_hour", source="M01 at u = 1; cost per sold hour, F / u + v")
def total_cost_usd_per_gpu_hour(
    fixed_cost_usd_per_gpu_hour: pl.Expr, electricity_usd_per_gpu_hour: pl.Expr, utilisation: pl.Expr
) -> pl.Expr:
    """F / u + v: fixed cost spread over the sold share of hours, plus the electricity of an hour in use."""
    return fixed_cost_usd_per_gpu_hour / utilisation + electricity_usd_per_gpu_hour


@formula(unit="percent", source="M01; document 000:14,53")
def gross_margin_pct(price_usd_per_gpu_hour: pl.Expr, total_cost_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """(price - cost) / price, per sold hour."""
    return PERCENT * (price_usd_per_gpu_hour - total_cost_usd_per_gpu_hour) / price_usd_per_gpu_hour


@formula(unit="percent", source="M01; ledger I-01: what document 000:14 prints as CoreWeave's margin is this")
def markup_pct(price_usd_per_gpu_hour: pl.Expr, total_cost_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """(price - cost) / cost, per sold hour."""
    return PERCENT * (price_usd_per_gpu_hour - total_cost_usd_per_gpu_hour) / total_cost_usd_per_gpu_hour


@formula(unit="percent", source="C2; document 000:201-202, u* = F / (rent - v)")
def breakeven_utilisation_pct(
    price_usd_per_gpu_hour: pl.Expr, fixed_cost_usd_per_gpu_hour: pl.Expr, electricity_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """F / (price - v): the sold share of hours at which nothing is earned or lost; above 100 no fleet reaches it.

    Infinite (stored as null) where the price does not even pay the electricity.
    """
    contribution = price_usd_per_gpu_hour - electricity_usd_per_gpu_hour
    needed = PERCENT * fixed_cost_usd_per_gpu_hour / contribution
    return pl.when(contribution > 0).then(needed).when(contribution <= 0).then(float("inf"))


@formula(unit="usd/gpu_hour", source="docs/economics.md#falling-rent: present value of a geometrically falling rent")
def first_year_rent_needed_usd_per_gpu_hour(
    first_year_capital_usd_per_gpu_hour: pl.Expr,
    non_capital_fixed_usd_per_gpu_hour: pl.Expr,
    electricity_usd_per_gpu_hour: pl.Expr,
    utilisation: pl.Expr,
) -> pl.Expr:
    """Rent of the first year that pays for the GPU over its life while rents fall, all other costs included."""
    return (
        first_year_capital_usd_per_gpu_hour
        + non_capital_fixed_usd_per_gpu_hour / utilisation
        + electricity_usd_per_gpu_hour
    )


@formula(unit="usd/gpu_hour", source="M01")
def non_capital_fixed_usd_per_gpu_hour(
    facility_usd_per_gpu_hour: pl.Expr,
    networking_usd_per_gpu_hour: pl.Expr,
    operations_usd_per_gpu_hour: pl.Expr,
    maintenance_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """Fixed cost other than the GPU itself."""
    return (
        facility_usd_per_gpu_hour
        + networking_usd_per_gpu_hour
        + operations_usd_per_gpu_hour
        + maintenance_usd_per_gpu_hour
    )


@formula(unit="usd/gpu_hour", source="C1; document 000:27,198,201 (ledger I-26)")
def waterfall_total_usd_per_gpu_hour(
    total_cost_usd_per_gpu_hour: pl.Expr,
    storage_usd_per_gpu_hour: pl.Expr,
    capital_charge_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """The stack's total + the lines the page names and leaves out: storage, and a charge for capital.

    Failures enter the total itself, as maintenance. An operand of 0 leaves a line out, as the documents do.
    """
    return total_cost_usd_per_gpu_hour + storage_usd_per_gpu_hour + capital_charge_usd_per_gpu_hour


@formula(unit="percent", source="C1; (price - total) / price")
def waterfall_margin_pct(price_usd_per_gpu_hour: pl.Expr, waterfall_total_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """(price - total) / price. With the charge for capital in it this is economic profit, not gross margin."""
    return PERCENT * (price_usd_per_gpu_hour - waterfall_total_usd_per_gpu_hour) / price_usd_per_gpu_hour


@formula(unit="usd/gpu_hour", source="C1; every line over the sold hours (ledger I-14)")
def total_per_sold_hour_usd_per_gpu_hour(waterfall_total_usd_per_gpu_hour: pl.Expr, sold_share: pl.Expr) -> pl.Expr:
    """Total / share of hours sold: all lines, electricity too, are paid for every hour."""
    return waterfall_total_usd_per_gpu_hour / sold_share


@formula(unit="percent", source="C1; ledger I-14")
def margin_per_sold_hour_pct(price_usd_per_gpu_hour: pl.Expr, total_per_sold_hour_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """(price - cost of a sold hour) / price."""
    return PERCENT * (price_usd_per_gpu_hour - total_per_sold_hour_usd_per_gpu_hour) / price_usd_per_gpu_hour
