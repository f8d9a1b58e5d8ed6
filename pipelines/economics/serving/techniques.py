"""Serving techniques that multiply throughput: speculative decoding by itself, and several one on top of the other.

Drafts are checked in one pass of the large model. A draft of k tokens costs k c passes of it; each token is accepted
with probability a until one is not. The gain stands on decode waiting for memory: checking k + 1 tokens reads the
weights once. At large batches decode waits for arithmetic instead, the k + 1 tokens cost k + 1 times as much, and the
gain fades or turns into a loss.

Not here: which techniques and by how much; acceptance rates, which depend on model, draft and text.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula

SOURCE = "Leviathan et al. 2023, arXiv 2211.17192; docs/economics.md#speculation"


@formula(unit="1", source=SOURCE)
def tokens_per_pass(acceptance_rate: pl.Expr, draft_tokens: pl.Expr) -> pl.Expr:
    """(1 - a^(k+1)) / (1 - a): tokens one pass of the large model yields; k + 1 where every draft is accepted."""
    series = (1.0 - acceptance_rate ** (draft_tokens + 1.0)) / (1.0 - acceptance_rate)
    return pl.when(acceptance_rate >= 1.0).then(draft_tokens + 1.0).otherwise(series)


@formula(unit="1", source=SOURCE)
def speculation_multiplier(tokens_per_pass: pl.Expr, draft_tokens: pl.Expr, draft_cost_ratio: pl.Expr) -> pl.Expr:
    """(1 - a^(k+1)) / ((1 - a) (1 + k c)): gain in speed while decode waits for memory, its upper limit."""
    return tokens_per_pass / (1.0 + draft_tokens * draft_cost_ratio)


@formula(unit="1", source=f"{SOURCE}; roofline of the pass that checks k + 1 tokens")
def speculation_multiplier_at_batch(
    tokens_per_pass: pl.Expr,
    draft_tokens: pl.Expr,
    draft_cost_ratio: pl.Expr,
    memory_s_per_step: pl.Expr,
    compute_s_per_step: pl.Expr,
) -> pl.Expr:
    """The gain once the check of k + 1 tokens takes max(memory, (k + 1) arithmetic) instead of one step's time."""
    step = pl.max_horizontal(memory_s_per_step, compute_s_per_step)
    check = pl.max_horizontal(memory_s_per_step, (draft_tokens + 1.0) * compute_s_per_step)
    return tokens_per_pass / (check / step + draft_tokens * draft_cost_ratio)


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
