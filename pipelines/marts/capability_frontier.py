"""What is the lowest list price at which a given score could be had, month by month, and who asked it?

Grain: benchmark x threshold x blend x model_class x as_of_date. Of all models that score at or above the threshold and
were on sale that day, the cheapest seller of the cheapest one. It is the price of tokens, not of answers: models that
think write more of them. Where the benchmark's publisher states what its run cost, the cost of a right answer stands
beside it, at the prices of the day of the run.

Sources: core.fct_benchmark_score, token_price_asof, dim_model, frontier_threshold, and the blends of core.assumption.
Not here: how fast the price falls (deflators/frontier.py), who counts as reaching a score (capability.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import formulas
from pipelines.mart_kit.assumed import Core
from pipelines.mart_kit.carry import aliased, carry, renamed
from pipelines.mart_kit.identity import holds
from pipelines.mart_kit.schema import Schema, columns, count, day, figure, flag, label, number
from pipelines.panels import capability

KEY = ("benchmark", "threshold", "blend", "model_class", "as_of_date")
INPUTS = capability.INPUTS
PLOT = ("price_usd_per_mtok",)

_F = formulas()

SCHEMA = Schema(
    table="capability_frontier",
    kind="answer",
    description=(
        "One row per benchmark, threshold, blend, model class and day.\n"
        "The lowest list price of tokens, in the mix named, at which a model that scores at or above the threshold was "
        "to be had. Scores are taken as known at the release, whenever they were measured. It is no price of an "
        "answer: does_not_say names what the row leaves open."
    ),
    key=KEY,
    columns=columns(
        label("benchmark", "Benchmark.", enumerated=True),
        number("threshold", "as score_unit", "Lowest score that counts (core.frontier_threshold)."),
        label("blend", "Mix of tokens the price is of.", enumerated=True),
        label("model_class", "Which models count.", enumerated=True),
        day("as_of_date", "Month end or as-of day the row holds for."),
        label("cheapest_model", "The model whose tokens cost least; of models that tie, the first by name."),
        label("variant", "Variant of it that reached the score.", nullable=True),
        label("provider", "Its cheapest seller that day."),
        figure(_F, "price_usd_per_mtok", minimum=0),
        number("input_usd_per_mtok", "usd/Mtok", "Its list price of input.", minimum=0),
        number("output_usd_per_mtok", "usd/Mtok", "Its list price of output.", minimum=0),
        number("score", "as score_unit", "Its score."),
        label("score_unit", "pct or elo.", enumerated=True),
        day("scored_on", "Day the score was measured, or the latest it can have been."),
        day("released", "Day the version was released.", nullable=True),
        day("price_since", "First day on which its source shows this seller asking this price."),
        flag("price_start_is_known", "Whether that day is known: false where the seller was then first looked at."),
        day("last_observed", "Day the price was last seen."),
        count("n_candidates", "Models on sale that day that reach the threshold."),
        count("sellers", "Sellers of the cheapest model that day."),
        figure(_F, "cost_of_pass_usd", nullable=True, minimum=0),
        number("run_cost_usd", "usd", "What the benchmark's run of it cost.", nullable=True, minimum=0),
        number("test_cases", "count", "Cases of that run.", nullable=True, minimum=0),
        number(
            "least_cost_of_pass_usd",
            "usd",
            "Lowest cost of a right answer among the candidates of which it is known.",
            nullable=True,
            minimum=0,
        ),
        label("least_cost_of_pass_model", "The candidate it is of.", nullable=True),
        count("n_costed", "Candidates whose run cost is known."),
        label("does_not_say", "What the row leaves open."),
        label("score_observation_id", "Observation of the score; see core.fct_benchmark_score."),
        label("price_observation_ids", "Observations of the quote, joined by commas; see core.fct_token_price."),
    ),
    rules=(
        holds("the cheapest model reaches the threshold", "score >= threshold"),
        holds(
            "the least cost of a right answer is no dearer than the cheapest model's",
            "least_cost_of_pass_usd <= cost_of_pass_usd",
        ),
    ),
)


def build(core: Core) -> pl.DataFrame:
    """The table: the cheapest candidate of each key, and beside it the least cost of a right answer."""
    offers = capability.on_offer(core)
    if offers.is_empty():
        return SCHEMA.empty()
    known = offers.filter(pl.col("run_cost_usd") > 0, pl.col("test_cases") > 0, pl.col("score") > 0)
    attempts = compute(known, ("benchmark_attempt_cost_usd",))
    costed = compute(renamed(attempts, {"benchmark_attempt_cost_usd": "attempt_cost_usd"}), ("cost_of_pass_usd",))
    least = (
        costed.sort(*KEY, "cost_of_pass_usd", "model")
        .with_columns(pl.len().over(KEY).cast(pl.Int64).alias("n_costed"))
        .unique(KEY, keep="first", maintain_order=True)
        .select(
            *KEY,
            "n_costed",
            pl.col("model").alias("least_cost_of_pass_model"),
            *aliased({"cost_of_pass_usd": "least_cost_of_pass_usd"}, ends=False),
        )
    )
    own = costed.select(*KEY, "model", *carry("cost_of_pass_usd", ends=False))
    first = (
        offers.with_columns(pl.len().over(KEY).cast(pl.Int64).alias("n_candidates"))
        .sort(*KEY, "price_usd_per_mtok", "model")
        .unique(KEY, keep="first", maintain_order=True)
    )
    made = (
        first.join(own, on=[*KEY, "model"], how="left")
        .join(least, on=list(KEY), how="left")
        .with_columns(
            pl.col("n_costed").fill_null(0),
            pl.col("model").alias("cheapest_model"),
            pl.col("began").alias("price_since"),
            pl.col("start_is_known").alias("price_start_is_known"),
            pl.col("price_observation_ids").list.join(","),
            does_not_say(),
        )
    )
    return SCHEMA.conform(made)


def does_not_say() -> pl.Expr:
    """What a row leaves open, in words."""
    return pl.concat_str(
        pl.lit("how many tokens an answer takes"),
        pl.when(pl.col("thinks")).then(pl.lit("what thinking adds to them")),
        pl.when(pl.col("cost_of_pass_usd").is_null())
        .then(pl.lit("what a right answer costs"))
        .otherwise(pl.lit("what a right answer costs at this day's prices: the run was paid at those of its own day")),
        pl.when(pl.col("n_candidates") == 1).then(pl.lit("whether anybody else could: one model alone reaches it")),
        pl.when(~pl.col("start_is_known")).then(pl.lit("since when the price holds")),
        pl.when(pl.col("scored_on") > pl.col("as_of_date")).then(
            pl.lit("that anybody knew the score then: it was measured later")
        ),
        separator="; ",
        ignore_nulls=True,
    ).alias("does_not_say")
