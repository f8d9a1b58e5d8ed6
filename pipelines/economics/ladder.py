"""Serving techniques that multiply throughput, one on top of the other. Not here: which ones, and by how much."""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula


@formula(unit="1", source="M08; document 000:77-86")
def ladder_multiplier(
    layer_1_multiplier: pl.Expr,
    layer_2_multiplier: pl.Expr,
    layer_3_multiplier: pl.Expr,
    layer_4_multiplier: pl.Expr,
    layer_5_multiplier: pl.Expr,
    layer_6_multiplier: pl.Expr,
) -> pl.Expr:
    """The product of the six layers; a layer that is not applied multiplies by one."""
    return (
        layer_1_multiplier
        * layer_2_multiplier
        * layer_3_multiplier
        * layer_4_multiplier
        * layer_5_multiplier
        * layer_6_multiplier
    )


@formula(unit="1/s", source="M08; document 000:77-86")
def ladder_tokens_per_s(base_tokens_per_s: pl.Expr, ladder_multiplier: pl.Expr) -> pl.Expr:
    """Tokens per second of the unoptimised server x the product of the multipliers applied."""
    return base_tokens_per_s * ladder_multiplier


@formula(unit="1", source="M08 observed: the same GPU, model and scenario, a later round over an earlier one")
def measured_throughput_gain(later_tokens_per_s: pl.Expr, earlier_tokens_per_s: pl.Expr) -> pl.Expr:
    """How many times faster the same GPU serves the same model in a later round of measurements."""
    return later_tokens_per_s / earlier_tokens_per_s
