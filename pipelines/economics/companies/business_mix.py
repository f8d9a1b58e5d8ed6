"""Letting GPUs against managed inference: what a model's GPUs earn either way, the premium, margin and value of a mix.

Not here: what tokens earn per GPU-hour (serving/blend.py), the margin of an hour (gpu_hour/margin.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="usd/hour", source="M12; document 000:184-186")
def model_rental_usd_per_hour(price_usd_per_gpu_hour: pl.Expr, gpus_per_model: pl.Expr) -> pl.Expr:
    """Rent of the GPUs one copy of the model stands on."""
    return price_usd_per_gpu_hour * gpus_per_model


@formula(unit="1", source="M12; document 000:184-186")
def managed_revenue_multiple(managed_revenue_usd_per_hour: pl.Expr, model_rental_usd_per_hour: pl.Expr) -> pl.Expr:
    """What the model's tokens earn an hour over the rent of the same GPUs."""
    return managed_revenue_usd_per_hour / model_rental_usd_per_hour


@formula(unit="percent", source="M12; document 000:164-168; ledger I-53")
def managed_premium_pct(managed_usd_per_gpu_hour: pl.Expr, rental_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """What a seller of managed GPUs asks above a landlord's rent for the same GPU."""
    return PERCENT * (managed_usd_per_gpu_hour / rental_usd_per_gpu_hour - 1.0)


@formula(unit="usd/gpu_hour", source="M12; document 000:168")
def software_spread_usd_per_gpu_hour(managed_usd_per_gpu_hour: pl.Expr, raw_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """Managed price less the spot rent of the bare GPU: what all the software above it is sold for."""
    return managed_usd_per_gpu_hour - raw_usd_per_gpu_hour


@formula(unit="percent", source="M12; document 000:109-111")
def blended_margin_pct(
    managed_revenue_share: pl.Expr, managed_margin_pct: pl.Expr, rental_margin_pct: pl.Expr
) -> pl.Expr:
    """Margin of a mix: each business's margin weighted by its share of revenue."""
    return managed_revenue_share * managed_margin_pct + (1.0 - managed_revenue_share) * rental_margin_pct


@formula(unit="1", source="M12; document 000:113,188-190")
def blended_revenue_multiple(
    managed_revenue_share: pl.Expr, software_multiple: pl.Expr, infrastructure_multiple: pl.Expr
) -> pl.Expr:
    """Enterprise value over revenue of a mix: each business's multiple weighted by its share of revenue."""
    return managed_revenue_share * software_multiple + (1.0 - managed_revenue_share) * infrastructure_multiple
