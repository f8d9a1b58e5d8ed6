"""Tax on capital: what depreciation allowances are worth, and what a taxed owner must earn for a dollar of capital.

Not here: the schedules (core.assumption), the capital charge before tax (capital_charge.py), interest.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="1", source="docs/economics.md#tax: present value of tax depreciation; schedules: IRS Publication 946")
def allowance_present_value(
    discount_rate_per_year: pl.Expr,
    allowance_share_year_0: pl.Expr,
    allowance_share_year_1: pl.Expr,
    allowance_share_year_2: pl.Expr,
    allowance_share_year_3: pl.Expr,
    allowance_share_year_4: pl.Expr,
    allowance_share_year_5: pl.Expr,
    allowance_share_year_6: pl.Expr,
) -> pl.Expr:
    """Sum over t of the share of the price allowed in year t x (1+r)^-t; 1 where all of it is allowed at once."""
    shares = [
        allowance_share_year_0,
        allowance_share_year_1,
        allowance_share_year_2,
        allowance_share_year_3,
        allowance_share_year_4,
        allowance_share_year_5,
        allowance_share_year_6,
    ]
    later = allowance_share_year_0
    for year, share in enumerate(shares[1:], start=1):
        later = later + share * (1.0 + discount_rate_per_year).pow(-year)
    return later


@formula(unit="1", source="docs/economics.md#tax: user cost of capital (Hall and Jorgenson 1967)")
def tax_factor(tax_share: pl.Expr, allowance_present_value: pl.Expr) -> pl.Expr:
    """(1 - tau z) / (1 - tau): 1 without tax or with the price allowed at once, above 1 the later allowances come."""
    return (1.0 - tax_share * allowance_present_value) / (1.0 - tax_share)


@formula(unit="usd/gpu_hour", source="docs/economics.md#tax")
def taxed_capital_usd_per_gpu_hour(capital_usd_per_gpu_hour: pl.Expr, tax_factor: pl.Expr) -> pl.Expr:
    """Capital charge x tax factor: what must be earned before tax. The rate is read as one after tax."""
    return capital_usd_per_gpu_hour * tax_factor


@formula(unit="percent", source="C2 after tax; docs/economics.md#tax")
def breakeven_utilisation_after_tax_pct(
    taxed_capital_usd_per_gpu_hour: pl.Expr,
    non_capital_fixed_usd_per_gpu_hour: pl.Expr,
    price_usd_per_gpu_hour: pl.Expr,
    electricity_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """(taxed capital + other fixed cost) / (rent - v): the renter deducts rent at once, the owner the price by years.

    Infinite (stored as null) where the rent does not even pay the electricity.
    """
    contribution = price_usd_per_gpu_hour - electricity_usd_per_gpu_hour
    needed = PERCENT * (taxed_capital_usd_per_gpu_hour + non_capital_fixed_usd_per_gpu_hour) / contribution
    return pl.when(contribution > 0).then(needed).when(contribution <= 0).then(float("inf"))
