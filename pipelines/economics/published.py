"""The documents' own forms, where they differ from what practitioners use: the `as_published` reading.

A figure here has the name it has in the professional modules; a computation takes one module or the other,
never both (readings.py).

Not here: forms both readings share.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.hours import HOURS_PER_MONTH, HOURS_PER_YEAR
from pipelines.economics.serving import MTOK_PER_HOUR_PER_TOKEN_PER_S
from pipelines.economics.slots import KW_PER_MW


@formula(unit="usd/gpu_hour", source="M02; document 000:7,46,199")
def capital_usd_per_gpu_hour(purchase_price_usd: pl.Expr, residual_share: pl.Expr, life_years: pl.Expr) -> pl.Expr:
    """P (1 - residual share) / (8760 L): a straight line over every hour of the life, without cost of capital."""
    return purchase_price_usd * (1.0 - residual_share) / (HOURS_PER_YEAR * life_years)


@formula(unit="usd/gpu_hour", source="M05; document 000:57-58")
def facility_usd_per_gpu_hour(colo_rate_usd_per_kw_month: pl.Expr, facility_kw_per_gpu: pl.Expr) -> pl.Expr:
    """Colocation rate x facility kW / 730: the documents bill space on the draw with cooling."""
    return colo_rate_usd_per_kw_month * facility_kw_per_gpu / HOURS_PER_MONTH


@formula(unit="usd/gpu/year", source="M03; document 000:43")
def electricity_usd_per_gpu_year(electricity_usd_per_gpu_hour: pl.Expr, utilisation: pl.Expr) -> pl.Expr:
    """Electricity of the hours in use: 7,446 of 8,760 at 85%."""
    return electricity_usd_per_gpu_hour * HOURS_PER_YEAR * utilisation


@formula(unit="gpu/MW", source="M11; document 000:99-104")
def gpus_per_mw(basis_kw_per_gpu: pl.Expr) -> pl.Expr:
    """1000 kW over the kW of one GPU slot, in whole GPUs: the documents' revenue is of 784, 559 and 600."""
    return (KW_PER_MW / basis_kw_per_gpu).round()


@formula(unit="usd/gpu_hour", source="M10; document 000:89: tokens per second x 3,600 x price")
def one_kind_revenue_usd_per_gpu_hour(tokens_per_s_per_gpu: pl.Expr, price_usd_per_mtok: pl.Expr) -> pl.Expr:
    """What an hour earns that serves one kind of token alone, input or output."""
    return tokens_per_s_per_gpu * MTOK_PER_HOUR_PER_TOKEN_PER_S * price_usd_per_mtok
