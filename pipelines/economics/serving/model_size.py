"""What a larger model costs more: weights, GPUs, batch slots and dollars, as ratios to a smaller one.

A ratio of two ranges runs from the smallest numerator over the largest denominator to the reverse.
Not here: weights themselves (roofline.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula


@formula(unit="1", source="M09; document 000:61,64")
def parameter_ratio(large_parameters_b: pl.Expr, small_parameters_b: pl.Expr) -> pl.Expr:
    """Parameters over parameters; also the ratio of matrix operations per token and, in one precision, of weights."""
    return large_parameters_b / small_parameters_b


@formula(unit="gpu", source="M09; document 000:61; ledger I-25")
def gpus_to_hold_weights(weight_gb: pl.Expr, memory_gb: pl.Expr) -> pl.Expr:
    """Weights over the memory of a GPU, in whole GPUs, with no room for anything else."""
    return (weight_gb / memory_gb).ceil()


@formula(unit="1", source="M09; document 000:65")
def gpu_count_ratio(large_gpus: pl.Expr, small_gpus: pl.Expr) -> pl.Expr:
    """GPUs the larger model takes for each of the smaller."""
    return large_gpus / small_gpus


@formula(unit="1", source="M09; document 000:67")
def batch_ratio(small_batch_sequences: pl.Expr, large_batch_sequences: pl.Expr) -> pl.Expr:
    """Requests served at once by the smaller model for each of the larger."""
    return small_batch_sequences / large_batch_sequences


@formula(unit="1", source="M09; document 000:68; ledger I-25")
def stated_cost_ratio(large_cost_usd_per_mtok: pl.Expr, small_cost_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Cost of a million tokens of the larger model over that of the smaller."""
    return large_cost_usd_per_mtok / small_cost_usd_per_mtok


@formula(unit="1", source="M09 observed: on one GPU at one rent, cost goes as the inverse of throughput")
def measured_cost_ratio(small_tokens_per_s_per_gpu: pl.Expr, large_tokens_per_s_per_gpu: pl.Expr) -> pl.Expr:
    """Cost of a token of the larger model over one of the smaller, both measured on the same GPU."""
    return small_tokens_per_s_per_gpu / large_tokens_per_s_per_gpu
