"""Serving techniques that multiply throughput, one on top of the other. Not here: which ones, and by how much."""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula


@formula(unit="1/s", source="M08; document 000:77-86")
def ladder_tokens_per_s(base_tokens_per_s: pl.Expr, cumulative_multiplier: pl.Expr) -> pl.Expr:
    """Tokens per second of the unoptimised server x the product of the multipliers applied so far."""
    return base_tokens_per_s * cumulative_multiplier
