"""Who reaches a score, and at what price it was to be had: scores of model versions beside list prices in force.

A version of a model (core.fct_benchmark_score, by its release day) counts once per benchmark, with the best score of
its variants (budgets and efforts of thinking): the price of a token is the same for all of them (but for
DEARER_WHEN_THINKING). A score that its publisher states no longer does not count. Of several scores of one variant a
stranger's speaks before the maker's own, the better graded one before others, then the later. The study behind the
published rule keeps its own scores and prices and enters nothing here (deflators/frontier_study.py).

Prices are whole quotes (input and output of one source, core.token_price_asof), standard processing, not stale, and
not what price_doubts.py takes for an error of the list: a running minimum would keep such a low for good. A model's
price is its cheapest seller's. A quote begins on the day its two prices were both in force.

Not here: the running minimum and its line (pipelines/economics/index_numbers/frontier.py), tables.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.compute import compute
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, assumed
from pipelines.mart_kit.carry import because, carry
from pipelines.panels import segments
from pipelines.panels.quotes import corrected_token_prices

INPUTS = (
    "assumption",
    "calendar",
    "dim_model",
    "fct_benchmark_score",
    "fct_token_price",
    "frontier_threshold",
    "rules_index",
    "token_price_asof",
)

STUDY = "epoch_llm_price_study"
"""Source of the study's own scores and prices."""

BLENDS = ("input_output_3_1", "input_output_14_1")
"""Mixes without cached input, which half of the sellers do not price: the study's, and the documents'."""

CLASSES: dict[str, pl.Expr] = {
    "all": pl.lit(True),
    "open": pl.col("weights") == "open",
    "closed": pl.col("weights") == "closed",
    "non_reasoning": ~pl.col("thinks"),
}
"""Which models a frontier is of. A model of which nobody says enters `all` alone."""

THOUGHTLESS = ("none", "minimal", "no thinking", "chat")
"""Variants that switch thinking off, or nearly; any other effort or budget is thinking."""

DEARER_WHEN_THINKING = ("gemini-2.5-flash-preview", "gemini-2.5-flash-preview-05-20")
"""Google asked 3.50 USD per Mtok of output of these two where they thought and 0.60 where not (OpenRouter's captures of
2025-05 to 2025-07 show both). Prices here are of the latter, so that scores of thinking stand beside none."""

CEILING_PCT = 100.0
"""The study leaves out scores of 100 percent: a benchmark that is solved tells no two models apart."""

LATEST_START_DAYS = 183
"""A price that was already there when its seller was first looked at began on an unknown day. If its model was released
at most half a year before, that day is near enough; else the price enters no trend."""


def scores(core: Core) -> pl.DataFrame:
    """One row per benchmark, model_class, model and day of release: the score that counts, and what it rests on."""
    facts = core["dim_model"].select("model", "weights", "reasoning", pl.col("release_date").alias("model_released"))
    stated = (
        core["fct_benchmark_score"]
        .filter(pl.col("source_id") != STUDY, pl.col("valid_to").is_null(), pl.col("score_unit").is_in(["pct", "elo"]))
        .filter(~pl.col("model").is_in(DEARER_WHEN_THINKING) | pl.col("variant").is_in(THOUGHTLESS).fill_null(False))
        # Of a name that covers several versions, a later one without a day of its own would be dated by the first.
        .filter((pl.col("version_match") != "later") | pl.col("release_date").is_not_null())
        .join(facts, on="model", how="left")
        .with_columns(
            pl.coalesce("release_date", "model_released").alias("released"),
            pl.coalesce(~pl.col("variant").is_in(THOUGHTLESS), "reasoning").alias("thinks"),
        )
        # Before the first model known to think was released, none did.
        .with_columns(
            pl.coalesce(
                "thinks",
                pl.when(pl.col("released") < pl.col("released").filter("thinks").min()).then(pl.lit(False)),
            )
        )
        .sort(
            pl.col("is_self_reported").fill_null(False),
            "grade",
            "scored_on",
            "observation_id",
            descending=[False, False, True, False],
        )
        .unique(["benchmark", "model", "released", "variant"], keep="first", maintain_order=True)
        .sort("score", "observation_id", descending=[True, False])
    )
    parts = [
        stated.filter(counts.fill_null(False))
        .unique(["benchmark", "model", "released"], keep="first", maintain_order=True)
        .with_columns(pl.lit(name).alias("model_class"))
        for name, counts in CLASSES.items()
    ]
    return pl.concat(parts).select(
        "benchmark",
        "model_class",
        "model",
        "variant",
        "released",
        "thinks",
        "scored_on",
        "score_unit",
        *carry("score", "test_cases", "run_cost_usd", ends=False),
        pl.col("observation_id").alias("score_observation_id"),
    )


def quotes(core: Core) -> pl.DataFrame:
    """One row per day, blend, model and provider: the price of the mix, the day it began and whether that is known."""
    wanted = core["fct_benchmark_score"].select("model").unique()
    corrected = corrected_token_prices(core).to_list()
    mixes = (
        assumed(core, "blend")
        .filter(pl.col("subject").is_in(BLENDS))
        .select(pl.col("subject").alias("blend"), *carry("input_token_share", "output_token_share", ends=False))
    )
    rows = (
        core["token_price_asof"]
        .filter(
            pl.col("processing") == rules.MEGAWATT_TOKEN_PROCESSING,
            pl.col("tier") == rules.TOKEN_TIER,
            ~pl.col("is_stale"),
            pl.col("input_usd_per_mtok") > 0,
            pl.col("output_usd_per_mtok") > 0,
            pl.col("observation_ids").list.set_intersection(corrected).list.len() == 0,
        )
        .join(wanted, on="model", how="semi")
    )
    began = _began(core, rows)
    return compute(
        rows.join(began, on=["as_of_date", "model", "provider"])
        .select(
            "as_of_date",
            "model",
            "provider",
            "last_observed",
            "began",
            "start_is_known",
            pl.col("observation_ids").alias("price_observation_ids"),
            *carry("input_usd_per_mtok", "output_usd_per_mtok"),
        )
        .join(mixes, how="cross"),
        ("price_usd_per_mtok",),
    )


def _began(core: Core, rows: pl.DataFrame) -> pl.DataFrame:
    """When each quote began: the later beginning of its two prices; unknown on the first day its seller was seen."""
    facts = core["fct_token_price"]
    first_look = facts.group_by("provider").agg(pl.col("known_from").min().alias("first_look"))
    kinds = facts.filter(pl.col("token_kind").is_in(["input", "output"])).select("observation_id", "valid_from")
    return (
        rows.select("as_of_date", "model", "provider", pl.col("observation_ids").alias("observation_id"))
        .explode("observation_id")
        .join(kinds, on="observation_id")
        .group_by("as_of_date", "model", "provider")
        .agg(pl.col("valid_from").max().alias("began"))
        .join(first_look, on="provider")
        .with_columns((pl.col("began") != pl.col("first_look")).alias("start_is_known"))
    )


def cheapest(quoted: pl.DataFrame) -> pl.DataFrame:
    """One row per day, blend and model: its cheapest seller that day, and how many sell it."""
    key = ["as_of_date", "blend", "model"]
    return (
        quoted.with_columns(pl.len().over(key).cast(pl.Int64).alias("sellers"))
        .sort(*key, "price_usd_per_mtok", "provider")
        .unique(key, keep="first", maintain_order=True)
    )


def thresholds(core: Core, series: str = "observed") -> pl.DataFrame:
    """benchmark, threshold: the fixed ladder of each benchmark, or the study's own (seed frontier_threshold)."""
    rungs = core["frontier_threshold"].filter(pl.col("series") == series).select("benchmark", "threshold")
    return rungs.with_columns(because("threshold", "chosen: core.frontier_threshold says why"))


def reaching() -> pl.Expr:
    """Score at or above the threshold, and below 100 where it is a percentage."""
    solved = (pl.col("score_unit") == "pct") & (pl.col("score") >= CEILING_PCT)
    return (pl.col("score") >= pl.col("threshold")) & ~solved


def on_sale() -> pl.Expr:
    """Whether the version was out on the day of the quote."""
    return pl.col("released").is_null() | (pl.col("released") <= pl.col("as_of_date"))


def segment(series: str = "frontier") -> pl.Expr:
    """The name of a frontier's segment, which writes a threshold as 53 or 43.9."""
    return segments.segment(series, threshold=pl.col("threshold").cast(pl.String).str.strip_suffix(".0"))


def on_offer(core: Core) -> pl.DataFrame:
    """Who is on sale each day, by benchmark, threshold, class and blend: one row per model, at its cheapest seller."""
    key = ["benchmark", "threshold", "model_class", "blend", "as_of_date", "model"]
    scored = scores(core).join(thresholds(core), on="benchmark").filter(reaching())
    return (
        scored.join(cheapest(quotes(core)), on="model")
        # Of a name that covers several versions, those that were out that day; the newest of them is what is sold.
        .filter(on_sale())
        .sort("released", "score", nulls_last=False)
        .unique(key, keep="last", maintain_order=True)
    )


def candidates(core: Core, scored: pl.DataFrame) -> pl.DataFrame:
    """Every price at which a version of `scored` could first be had: a row per benchmark, class, blend and new low.

    `entered` is the later of its release and the day the quote began; a model's price cut is a candidate again.
    `dated` is false where nobody saw the quote begin and its model is older than LATEST_START_DAYS, or of unknown age.
    `is_entry` marks a version's first offer, if it was seen no later than that after the release; `by_release` is
    `entered` but for these, which it dates by the release, as the study does.
    """
    version = ["benchmark", "model_class", "blend", "model", "released"]
    offer = [*version, "provider", "began", "price_usd_per_mtok"]
    found = (
        scored.join(quotes(core), on="model")
        # What was asked under the name before the version came out was asked for another one.
        .filter(on_sale())
        .sort("as_of_date", *offer)
        .unique(offer, keep="first", maintain_order=True)
    )
    age = (pl.col("began") - pl.col("released")).dt.total_days()
    near = (age <= LATEST_START_DAYS).fill_null(False)
    found = found.with_columns(
        pl.max_horizontal("began", "released").alias("entered"), (pl.col("start_is_known") | near).alias("dated")
    )
    own = [*version, "dated"]
    is_first = pl.col("entered") == pl.col("entered").min().over(own)
    found = found.with_columns(
        (is_first & (near | pl.col("released").is_null())).alias("is_entry"),
        pl.when(is_first & near).then("released").otherwise("entered").alias("by_release"),
    )
    lowest = pl.col("price_usd_per_mtok").cum_min().shift(1).over(own)
    return (
        found.sort(*own, "entered", "price_usd_per_mtok", "provider")
        .with_columns(lowest.alias("before"))
        .filter(pl.col("before").is_null() | (pl.col("price_usd_per_mtok") < pl.col("before")))
        .drop("before")
    )
