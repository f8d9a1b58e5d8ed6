"""How far quotes of one good lie apart, and how much of a price change is the exchange rate.

Not here: the quotes and their quantiles (core.headline_rate), rates of exchange (core.fct_power_price).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="1", source="docs/economics.md#dispersion")
def rent_p90_over_p10(rent_p90_usd_per_gpu_hour: pl.Expr, rent_p10_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """Rent only a tenth of quotes exceed over rent only a tenth undercut: 1 where all ask the same."""
    return rent_p90_usd_per_gpu_hour / rent_p10_usd_per_gpu_hour


@formula(unit="1", source="docs/economics.md#dispersion")
def contract_price_index(contract_price: pl.Expr, contract_price_before: pl.Expr) -> pl.Expr:
    """Price in the contract's own currency over the earlier one."""
    return contract_price / contract_price_before


@formula(unit="1", source="docs/economics.md#dispersion")
def exchange_rate_index(usd_per_unit: pl.Expr, usd_per_unit_before: pl.Expr) -> pl.Expr:
    """Dollars per unit of the contract's currency over the earlier rate: above 1 the currency rose."""
    return usd_per_unit / usd_per_unit_before


@formula(unit="1", source="docs/economics.md#dispersion")
def usd_price_index(contract_price_index: pl.Expr, exchange_rate_index: pl.Expr) -> pl.Expr:
    """Contract index x exchange-rate index: what a buyer who pays dollars sees."""
    return contract_price_index * exchange_rate_index


@formula(unit="percent", source="docs/economics.md#dispersion; logarithms add up")
def exchange_rate_share_of_change_pct(usd_price_index: pl.Expr, exchange_rate_index: pl.Expr) -> pl.Expr:
    """ln(exchange-rate index) / ln(dollar index): the currency's part of the change; null where nothing changed."""
    change = usd_price_index.log()
    return pl.when(change != 0.0).then(PERCENT * exchange_rate_index.log() / change)
