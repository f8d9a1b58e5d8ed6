"""A token's cost from passes through a model: GPUs, passes per second and tokens per pass, as document 004 counts.

The documents' count has no ceiling: it multiplies passes by tokens whatever the arithmetic they need. roofline.py has
the ceilings; the two `roofline_` figures here price them.

Not here: measured throughput (blend.py), and what a server can do at most (roofline.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PER_BILLION, SECONDS_PER_HOUR, TOKENS_PER_MTOK


@formula(unit="usd/hour", source="M31; document 004:120")
def cluster_cost_usd_per_hour(cluster_gpus: pl.Expr, gpu_rent_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """GPUs x rent of an hour: every GPU is paid for, whatever it serves."""
    return cluster_gpus * gpu_rent_usd_per_gpu_hour


@formula(unit="count", source="M31; document 004:120")
def model_instances(cluster_gpus: pl.Expr, gpus_per_instance: pl.Expr) -> pl.Expr:
    """GPUs of the cluster over the GPUs that hold one copy of the model."""
    return cluster_gpus / gpus_per_instance


@formula(unit="count", source="M31; document 004:126,131")
def prefill_tokens_per_pass(batch_sequences: pl.Expr, prompt_tokens_per_sequence: pl.Expr) -> pl.Expr:
    """Every token of every prompt of the batch is read in one pass."""
    return batch_sequences * prompt_tokens_per_sequence


@formula(unit="count", source="M31; document 004:131")
def decode_tokens_per_pass(batch_sequences: pl.Expr) -> pl.Expr:
    """One token of each sequence of the batch is written in one pass."""
    return batch_sequences * 1.0


@formula(unit="Mtok/hour", source="M31; document 004:126")
def prefill_mtok_per_hour(passes_per_s: pl.Expr, prefill_tokens_per_pass: pl.Expr, model_instances: pl.Expr) -> pl.Expr:
    """Passes per second x tokens of a pass x copies of the model x 3600."""
    return passes_per_s * prefill_tokens_per_pass * model_instances * SECONDS_PER_HOUR / TOKENS_PER_MTOK


@formula(unit="Mtok/hour", source="M31; document 004:127")
def decode_mtok_per_hour(passes_per_s: pl.Expr, decode_tokens_per_pass: pl.Expr, model_instances: pl.Expr) -> pl.Expr:
    """Passes per second x tokens of a pass x copies of the model x 3600."""
    return passes_per_s * decode_tokens_per_pass * model_instances * SECONDS_PER_HOUR / TOKENS_PER_MTOK


@formula(unit="usd/Mtok", source="M31; document 004:126; ledger I-63: no GPU computes that fast")
def prefill_cost_usd_per_mtok(cluster_cost_usd_per_hour: pl.Expr, prefill_mtok_per_hour: pl.Expr) -> pl.Expr:
    """Cluster's hour over the input it would read if it did nothing else."""
    return cluster_cost_usd_per_hour / prefill_mtok_per_hour


@formula(unit="usd/Mtok", source="M31; document 004:127")
def decode_cost_usd_per_mtok(cluster_cost_usd_per_hour: pl.Expr, decode_mtok_per_hour: pl.Expr) -> pl.Expr:
    """Cluster's hour over the output it would write if it did nothing else."""
    return cluster_cost_usd_per_hour / decode_mtok_per_hour


@formula(unit="1", source="M31; document 004:129")
def prefill_decode_ratio(prefill_mtok_per_hour: pl.Expr, decode_mtok_per_hour: pl.Expr) -> pl.Expr:
    """Tokens read per token written in the same time."""
    return prefill_mtok_per_hour / decode_mtok_per_hour


@formula(unit="1", source="M31; document 004:131")
def tokens_per_pass_ratio(prefill_tokens_per_pass: pl.Expr, decode_tokens_per_pass: pl.Expr) -> pl.Expr:
    """Tokens of a reading pass per token of a writing pass: the prompt's length."""
    return prefill_tokens_per_pass / decode_tokens_per_pass


@formula(unit="usd/Mtok", source="M31; document 004:134")
def decode_cost_after_loss_usd_per_mtok(decode_cost_usd_per_mtok: pl.Expr, throughput_loss_share: pl.Expr) -> pl.Expr:
    """Cost over the share of throughput that is left when tokens of a batch need different experts."""
    return decode_cost_usd_per_mtok / (1.0 - throughput_loss_share)


@formula(unit="usd/Mtok", source="M31; document 004:137")
def decode_cost_after_discount_usd_per_mtok(decode_cost_usd_per_mtok: pl.Expr, rent_discount_share: pl.Expr) -> pl.Expr:
    """Cost at a rent below retail: all of it is rent, so it falls by the same share."""
    return decode_cost_usd_per_mtok * (1.0 - rent_discount_share)


@formula(unit="1/s", source="ledger I-63: what the document's prefill needs of one copy of the model")
def stated_prefill_tokens_per_s(passes_per_s: pl.Expr, prefill_tokens_per_pass: pl.Expr) -> pl.Expr:
    """Input tokens per second of one copy of the model, as the document counts."""
    return passes_per_s * prefill_tokens_per_pass


@formula(unit="1/s", source="ledger I-63: 107 PFLOP/s per copy of the model")
def stated_prefill_flop_s(stated_prefill_tokens_per_s: pl.Expr, active_parameters_b: pl.Expr) -> pl.Expr:
    """Tokens per second x 2 FLOP per active parameter."""
    return stated_prefill_tokens_per_s * 2.0 * active_parameters_b * PER_BILLION


@formula(unit="1/s", source="ledger I-64: memory bandwidth of one GPU over the active weights in 16 bit")
def bandwidth_passes_per_s(
    memory_bandwidth_gb_s: pl.Expr, active_parameters_b: pl.Expr, bytes_per_parameter: pl.Expr
) -> pl.Expr:
    """Passes per second if each reads the active weights once from the memory of one GPU."""
    return memory_bandwidth_gb_s / (active_parameters_b * bytes_per_parameter)


@formula(unit="1", source="ledger I-64: 671 GB of weights do not fit 640 GB")
def weights_over_memory(
    total_parameters_b: pl.Expr, bytes_per_parameter: pl.Expr, gpus_per_instance: pl.Expr, memory_gb: pl.Expr
) -> pl.Expr:
    """Weights of the whole model over the memory of the GPUs that hold it: above 1 it does not fit."""
    return total_parameters_b * bytes_per_parameter / (gpus_per_instance * memory_gb)


@formula(
    unit="1",
    source="docs/economics.md#mixture-of-experts: routing of a mixture of experts taken as even: 1 - (1 - k/E)^batch",
)
def experts_read_share(batch_sequences: pl.Expr, experts_per_token: pl.Expr, routed_experts: pl.Expr) -> pl.Expr:
    """Share of the experts a decode step reads: each sequence of the batch picks its own."""
    return 1.0 - (1.0 - experts_per_token / routed_experts).pow(batch_sequences)


@formula(
    unit="1",
    source="docs/economics.md#mixture-of-experts: total = always read + routed; active = always read + routed x k/E",
)
def read_parameters_b(
    total_parameters_b: pl.Expr,
    active_parameters_b: pl.Expr,
    experts_per_token: pl.Expr,
    routed_experts: pl.Expr,
    experts_read_share: pl.Expr,
) -> pl.Expr:
    """Billions of parameters a decode step reads: those of every token, and the share of experts the batch touches."""
    routed = (total_parameters_b - active_parameters_b) / (1.0 - experts_per_token / routed_experts)
    return total_parameters_b - routed * (1.0 - experts_read_share)


@formula(unit="usd/Mtok", source="docs/economics.md#roofline: rent of the instance over the tokens it can read at most")
def roofline_prefill_cost_usd_per_mtok(
    gpu_rent_usd_per_gpu_hour: pl.Expr, gpus_per_instance: pl.Expr, prefill_tokens_per_s: pl.Expr
) -> pl.Expr:
    """Rent of the GPUs that hold the model over the input their arithmetic allows."""
    hourly = gpu_rent_usd_per_gpu_hour * gpus_per_instance
    return hourly / (prefill_tokens_per_s * SECONDS_PER_HOUR / TOKENS_PER_MTOK)


@formula(
    unit="usd/Mtok", source="docs/economics.md#roofline: rent of the instance over the tokens it can write at most"
)
def roofline_decode_cost_usd_per_mtok(
    gpu_rent_usd_per_gpu_hour: pl.Expr, gpus_per_instance: pl.Expr, decode_tokens_per_s: pl.Expr
) -> pl.Expr:
    """Rent of the GPUs that hold the model over the output their memory and arithmetic allow."""
    hourly = gpu_rent_usd_per_gpu_hour * gpus_per_instance
    return hourly / (decode_tokens_per_s * SECONDS_PER_HOUR / TOKENS_PER_MTOK)
