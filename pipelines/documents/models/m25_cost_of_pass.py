"""M25, cost-of-pass: what a right answer costs, by model and task, and on the frontier with a person beside them.

Not here: what models score on benchmarks; that success at a task is nowhere published makes every share an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.economics.compute import compute
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aggregated, aliased

ILLUSTRATION = "m25_cost_of_pass"
SUCCESS = "professional_task_success"
HUMAN = "professional_human"
LAB = "anthropic"
"""The seller whose list prices the illustration uses; a lab's own price is the one nobody marks up."""

BY_MODEL = ("attempt_cost_usd", "attempts_per_pass", "cost_of_pass_usd")
AGAINST_BASE = ("cost_multiplier", "success_multiplier", "technique_cost_ratio")
"""Each model against the cheapest: a dearer model is a technique that must earn its price in success."""

BY_TASK = ("human_cost_of_pass_usd", "frontier_cost_of_pass_usd")


def cases(core: Core) -> Iterator[Cases]:
    """Models at tasks, then tasks: the illustration on document 004's prices, and on the newest list prices."""
    printed = _with_task(stated(core, ILLUSTRATION))
    if not printed.is_empty():
        yield Cases(_with_base(printed), (*BY_MODEL, *AGAINST_BASE), ILLUSTRATION, rules.ILLUSTRATION)
        yield Cases(_frontier(core, printed), BY_TASK, ILLUSTRATION, rules.ILLUSTRATION)
    observed = priced(core)
    if not observed.is_empty():
        figures = (*BY_MODEL, *AGAINST_BASE, "checked_cost_of_pass_usd")
        yield Cases(_with_base(observed), figures, "observed", rules.PROFESSIONAL)
        yield Cases(_frontier(core, observed), BY_TASK, "observed", rules.PROFESSIONAL)


def _with_task(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose case is `model, task` with both apart."""
    parts = pl.col("case").str.split(", ").list
    return rows.with_columns(model=parts.first(), task=parts.last())


def priced(core: Core) -> pl.DataFrame:
    """The assumed success shares with today's list prices of the lab that made the model."""
    shares = _with_task(stated(core, SUCCESS))
    if shares.is_empty():
        return shares
    prices = newest_day(core)["token_price_asof"].filter(
        pl.col("provider") == LAB,
        pl.col("processing") == rules.MEGAWATT_TOKEN_PROCESSING,
        pl.col("tier") == rules.TOKEN_TIER,
    )
    names = {f"{kind}_usd_per_mtok": f"{kind}_price_usd_per_mtok" for kind in ("input", "output")}
    prices = prices.select("model", *aliased(names, ends=False))
    return shares.join(prices, on="model").sort("case")


def _with_base(rows: pl.DataFrame) -> pl.DataFrame:
    """Beside each model the cheapest one of its task."""
    priced = compute(rows, ("attempt_cost_usd",))
    cheapest = priced.sort("attempt_cost_usd", maintain_order=True).unique("task", keep="first", maintain_order=True)
    base = {"attempt_cost_usd": "base_attempt_cost_usd", "success_share": "base_success_share"}
    return priced.join(cheapest.select("task", *aliased(base, ends=False)), on="task", maintain_order="left")


def _frontier(core: Core, rows: pl.DataFrame) -> pl.DataFrame:
    """One row per task: the cheapest model's cost of a right answer, and the person's operands."""
    passed = compute(rows, ("cost_of_pass_usd",))
    ends = [name for name in ("cost_of_pass_usd_low", "cost_of_pass_usd_high") if name in passed.columns]
    least = passed.group_by("task").agg(
        *aggregated("min", "cost_of_pass_usd", "cheapest_model_cost_of_pass_usd"),
        *[pl.col(name).min().alias(f"cheapest_model_{name}") for name in ends],
    )
    return least.rename({"task": "case"}).join(stated(core, HUMAN), on="case").sort("case")


MODEL = Model(
    model_id="M25",
    title="Cost-of-pass",
    question="What does a right answer cost, and which model or person gives it cheapest?",
    where="003:7,15",
    cases=cases,
    inputs=("assumption", "token_price_asof"),
    note=(
        "Document 003 gives no numbers: success shares, task lengths and the person's hours are rackhour's choices, "
        "without evidence; on document 004's prices the reading is illustration. Cost of "
        "a right answer supposes that a wrong one is recognised; the checked figure pays for that."
    ),
)
