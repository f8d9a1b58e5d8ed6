"""Speculative decoding: what drafts that are checked in one pass multiply the speed of decode by.

A draft of k tokens costs k c passes of the large model; each token is accepted with probability a until one is not.
The gain stands on decode waiting for memory: checking k + 1 tokens reads the weights once. At large batches decode
waits for arithmetic instead, the k + 1 tokens cost k + 1 times as much, and the gain fades or turns into a loss.

Not here: acceptance rates; they depend on model, draft and text.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula

SOURCE = "Leviathan et al. 2023, arXiv 2211.17192; economics.md, serving identity"


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
