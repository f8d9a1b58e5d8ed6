"""What a right answer costs: attempts, their price, how often they succeed; a person beside the models.

Domain: success shares from 0 to 1, a share of 0 means never (infinite cost); a benchmark score in percent. Success
depends on the task and is nobody's list price: wherever no benchmark states it, it is an assumption.

Not here: token prices, which model reaches a score (pipelines/panels/capability.py), what an application earns
(companies/application.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT, TOKENS_PER_MTOK


@formula(unit="usd", source="M25; list prices of both token kinds")
def attempt_cost_usd(
    input_tokens_per_attempt: pl.Expr,
    output_tokens_per_attempt: pl.Expr,
    input_price_usd_per_mtok: pl.Expr,
    output_price_usd_per_mtok: pl.Expr,
) -> pl.Expr:
    """Tokens read and written by one attempt, each at its price."""
    read = input_tokens_per_attempt * input_price_usd_per_mtok
    return (read + output_tokens_per_attempt * output_price_usd_per_mtok) / TOKENS_PER_MTOK


@formula(unit="1", source="M25: mean of a geometric distribution")
def attempts_per_pass(success_share: pl.Expr) -> pl.Expr:
    """1 / R: attempts until one is right, on average, where each succeeds by itself with share R."""
    return 1.0 / success_share


@formula(unit="usd", source="M25; document 003:7,15: cost-of-pass, v = C / R")
def cost_of_pass_usd(attempt_cost_usd: pl.Expr, attempts_per_pass: pl.Expr) -> pl.Expr:
    """Expected cost of a right answer where a wrong one is recognised for nothing and tried again."""
    return attempt_cost_usd * attempts_per_pass


@formula(unit="usd", source="M25, professional: every attempt is also checked by somebody")
def checked_cost_of_pass_usd(attempt_cost_usd: pl.Expr, check_cost_usd: pl.Expr, attempts_per_pass: pl.Expr) -> pl.Expr:
    """(C + check) / R: expected cost of a right answer where telling right from wrong costs something too."""
    return (attempt_cost_usd + check_cost_usd) * attempts_per_pass


@formula(unit="usd", source="M25: the human baseline")
def human_cost_of_pass_usd(
    human_usd_per_hour: pl.Expr, human_hours_per_attempt: pl.Expr, human_success_share: pl.Expr
) -> pl.Expr:
    """A person's hours at their hourly cost, over how often they are right."""
    return human_usd_per_hour * human_hours_per_attempt / human_success_share


@formula(unit="usd", source="M25: frontier, the least over models and a person")
def frontier_cost_of_pass_usd(cheapest_model_cost_of_pass_usd: pl.Expr, human_cost_of_pass_usd: pl.Expr) -> pl.Expr:
    """What a right answer costs whoever picks the cheapest way: the best model, or a person where none is cheaper."""
    return pl.min_horizontal(cheapest_model_cost_of_pass_usd, human_cost_of_pass_usd)


@formula(unit="1", source="M25; document 003:15: what a dearer way costs of a cheaper one")
def cost_multiplier(attempt_cost_usd: pl.Expr, base_attempt_cost_usd: pl.Expr) -> pl.Expr:
    """Cost of an attempt over that of the base way."""
    return attempt_cost_usd / base_attempt_cost_usd


@formula(unit="1", source="M25; document 003:15: what a dearer way gains on a cheaper one")
def success_multiplier(success_share: pl.Expr, base_success_share: pl.Expr) -> pl.Expr:
    """Success share over that of the base way."""
    return success_share / base_success_share


@formula(unit="1", source="M25; document 003:15: a technique pays only if success rises by more than cost")
def technique_cost_ratio(cost_multiplier: pl.Expr, success_multiplier: pl.Expr) -> pl.Expr:
    """Cost-of-pass of the dearer way over that of the base: it pays below 1."""
    return cost_multiplier / success_multiplier


@formula(unit="usd", source="M25; the benchmark's publisher states what its run cost")
def benchmark_attempt_cost_usd(run_cost_usd: pl.Expr, test_cases: pl.Expr) -> pl.Expr:
    """Cost of a benchmark run over its cases, whatever number of tries the benchmark allows a case."""
    return run_cost_usd / test_cases


@formula(unit="1", source="M25: the success share is the benchmark's pass rate")
def success_share(score: pl.Expr) -> pl.Expr:
    """A score in percent as a share from 0 to 1."""
    return score / PERCENT
