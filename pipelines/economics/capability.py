"""What a capability costs: the price of tokens in a stated mix, and of a right answer on a benchmark.

Domain: shares of a mix add up to 1; a benchmark score in percent from 0 to 100, where 0 means never (infinite cost).

Not here: which model reaches a score (pipelines/panels/capability.py), how fast its price falls (index_numbers).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.outcomes import attempts_per_pass, cost_of_pass_usd

__all__ = ["attempt_cost_usd", "attempts_per_pass", "cost_of_pass_usd", "price_usd_per_mtok", "success_share"]

PERCENT = 100.0


@formula(unit="usd/Mtok", source="index_numbers.md; Epoch AI 2025 blends three input tokens to one of output")
def price_usd_per_mtok(
    input_usd_per_mtok: pl.Expr,
    output_usd_per_mtok: pl.Expr,
    input_token_share: pl.Expr,
    output_token_share: pl.Expr,
) -> pl.Expr:
    """List prices of both token kinds, weighted by their shares of the tokens."""
    return input_token_share * input_usd_per_mtok + output_token_share * output_usd_per_mtok


@formula(unit="usd", source="M25; the benchmark's publisher states what its run cost")
def attempt_cost_usd(run_cost_usd: pl.Expr, test_cases: pl.Expr) -> pl.Expr:
    """Cost of a benchmark run over its cases, whatever number of tries the benchmark allows a case."""
    return run_cost_usd / test_cases


@formula(unit="1", source="M25: the success share is the benchmark's pass rate")
def success_share(score: pl.Expr) -> pl.Expr:
    """A score in percent as a share from 0 to 1."""
    return score / PERCENT
