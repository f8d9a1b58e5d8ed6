"""What a server can serve at most: the larger of the time its memory needs and the time its arithmetic needs.

A server is whatever holds the model together: one GPU, eight of them, a rack of 72. Its totals come from one GPU's
figures times its GPUs, or are operands themselves. These are ceilings: networks, queues, latency targets and uneven
load lower what is served, and a mixture of experts reads fewer weights than all of them at small batches.

Not here: what a server was measured to do (core.fct_throughput), and prices.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import FLOP_PER_PARAMETER_AND_TOKEN, PER_BILLION, PERCENT


@formula(unit="GB/s", source="docs/economics.md#roofline: sum over the GPUs of a server")
def server_memory_bandwidth_gb_s(memory_bandwidth_gb_s: pl.Expr, gpus_per_server: pl.Expr) -> pl.Expr:
    """Memory bandwidth of one GPU x the GPUs that hold the model together."""
    return memory_bandwidth_gb_s * gpus_per_server


@formula(unit="1/s", source="docs/economics.md#roofline: sum over the GPUs of a server")
def server_peak_flop_s(peak_flop_s_per_gpu: pl.Expr, gpus_per_server: pl.Expr) -> pl.Expr:
    """Peak FLOP/s of one GPU in the precision served x the GPUs that hold the model together."""
    return peak_flop_s_per_gpu * gpus_per_server


@formula(unit="GB", source="M09; document 000:64")
def weight_gb(parameters_b: pl.Expr, bytes_per_parameter: pl.Expr) -> pl.Expr:
    """Billions of parameters x bytes of each: 2 in 16 bit, 1 in 8 bit, 0.5 in 4 bit."""
    return parameters_b * bytes_per_parameter


@formula(unit="GB", source="M23: weights and caches one decode step reads")
def step_gb(weight_gb: pl.Expr, kv_cache_gb_per_sequence: pl.Expr, batch_sequences: pl.Expr) -> pl.Expr:
    """Weights + batch x KV cache of a sequence: what memory holds, and what one step of decode reads from it."""
    return weight_gb + batch_sequences * kv_cache_gb_per_sequence


@formula(unit="GB", source="M23: does the batch fit?")
def spare_memory_gb(server_memory_gb: pl.Expr, step_gb: pl.Expr) -> pl.Expr:
    """Memory of the server less weights and caches; below zero the batch does not fit."""
    return server_memory_gb - step_gb


@formula(unit="s", source="roofline, memory side; M23")
def memory_s_per_step(
    step_gb: pl.Expr, server_memory_bandwidth_gb_s: pl.Expr, memory_bandwidth_utilisation: pl.Expr
) -> pl.Expr:
    """Seconds one decode step takes if memory is the limit, at the share of peak bandwidth that is reached (MBU)."""
    return step_gb / (server_memory_bandwidth_gb_s * memory_bandwidth_utilisation)


@formula(unit="s", source="roofline, arithmetic side; M23")
def compute_s_per_step(
    batch_sequences: pl.Expr, active_parameters_b: pl.Expr, server_peak_flop_s: pl.Expr, flop_utilisation: pl.Expr
) -> pl.Expr:
    """Seconds one decode step takes if arithmetic is the limit: 2 FLOP per active parameter and token, at the MFU."""
    flop = batch_sequences * FLOP_PER_PARAMETER_AND_TOKEN * active_parameters_b * PER_BILLION
    return flop / (server_peak_flop_s * flop_utilisation)


@formula(unit="1/s", source="roofline; M23")
def decode_tokens_per_s(batch_sequences: pl.Expr, memory_s_per_step: pl.Expr, compute_s_per_step: pl.Expr) -> pl.Expr:
    """Batch / max(memory, arithmetic): output tokens per second of the server, one per sequence and step."""
    return batch_sequences / pl.max_horizontal(memory_s_per_step, compute_s_per_step)


@formula(unit="1/s", source="roofline; M23: prefill is bound by arithmetic")
def prefill_tokens_per_s(
    active_parameters_b: pl.Expr, server_peak_flop_s: pl.Expr, flop_utilisation: pl.Expr
) -> pl.Expr:
    """Peak x MFU / (2 x active parameters): input tokens per second of the server, read in parallel."""
    return server_peak_flop_s * flop_utilisation / (FLOP_PER_PARAMETER_AND_TOKEN * active_parameters_b * PER_BILLION)


@formula(unit="percent", source="docs/economics.md#roofline: quarantine.impossible_throughput")
def peak_flop_share_pct(
    server_tokens_per_s: pl.Expr, active_parameters_b: pl.Expr, server_peak_flop_s: pl.Expr
) -> pl.Expr:
    """Tokens per second x 2 x active parameters over the peak: above 100 no server does it, whoever states it."""
    needed = server_tokens_per_s * FLOP_PER_PARAMETER_AND_TOKEN * active_parameters_b * PER_BILLION
    return PERCENT * needed / server_peak_flop_s
