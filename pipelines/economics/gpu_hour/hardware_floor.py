"""What a GPU costs before anybody serves with it: maker's markup, fall of rents, a server's hour.

Not here: the cost stacks of providers (margin.py), capital recovery (capital_charge.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import HOURS_PER_YEAR, PERCENT


@formula(unit="1", source="M40; document 004:106")
def maker_markup(gpu_retail_price_usd: pl.Expr, manufacturing_cost_usd: pl.Expr) -> pl.Expr:
    """Retail price of a GPU over what it costs to make."""
    return gpu_retail_price_usd / manufacturing_cost_usd


@formula(unit="percent", source="M40; document 004:106; ledger I-27")
def maker_margin_pct(gpu_retail_price_usd: pl.Expr, manufacturing_cost_usd: pl.Expr) -> pl.Expr:
    """(price - making) / price; resale and research are in it."""
    return PERCENT * (1.0 - manufacturing_cost_usd / gpu_retail_price_usd)


@formula(unit="percent", source="M40; document 004:106; ledger I-60")
def rent_decline_pct(peak_rent_usd_per_gpu_hour: pl.Expr, rent_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """Fall of a rent from its peak."""
    return PERCENT * (1.0 - rent_usd_per_gpu_hour / peak_rent_usd_per_gpu_hour)


@formula(unit="usd/hour", source="M40; document 004:109-112; ledger I-61")
def server_hour_usd(
    server_price_usd: pl.Expr,
    server_life_years: pl.Expr,
    server_gpus: pl.Expr,
    gpu_energy_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """Price of the server over its hours + electricity of its GPUs: before space, network, people and capital."""
    return server_price_usd / (HOURS_PER_YEAR * server_life_years) + server_gpus * gpu_energy_usd_per_gpu_hour


@formula(unit="usd/hour", source="docs/economics.md#plain-arithmetic: all costs of a GPU-hour x the GPUs of a server")
def server_full_hour_usd(
    server_gpus: pl.Expr, fixed_cost_usd_per_gpu_hour: pl.Expr, electricity_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """GPUs x (fixed cost + electricity) of an hour in use: capital with interest, space, network, people, upkeep."""
    return server_gpus * (fixed_cost_usd_per_gpu_hour + electricity_usd_per_gpu_hour)


@formula(unit="usd/gpu_hour", source="document 004:114: a negotiated discount off the public rent")
def negotiated_rent_usd_per_gpu_hour(rent_usd_per_gpu_hour: pl.Expr, negotiated_discount_share: pl.Expr) -> pl.Expr:
    """Public rent less a discount."""
    return rent_usd_per_gpu_hour * (1.0 - negotiated_discount_share)


@formula(unit="usd/hour", source="M40; document 004:99-104")
def rented_server_hour_usd(server_gpus: pl.Expr, rent_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """GPUs of a server x rent: the same server from somebody who has it."""
    return server_gpus * rent_usd_per_gpu_hour
