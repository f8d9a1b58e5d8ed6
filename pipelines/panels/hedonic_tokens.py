"""Panels of token prices with a model's score, size and seller, one per benchmark and kind of token.

Not here: the panel's shape (hedonic_panel.py), rows of marts (deflators/hedonic.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.panel import Matrix
from pipelines.economics.trace import HOW
from pipelines.mart_kit.carry import carry
from pipelines.panels.capability import THOUGHTLESS
from pipelines.panels.hedonic_panel import FEWEST_MODELS, Characteristic, HedonicPanel, panel
from pipelines.panels.segments import segment_of

TOKEN_TIERS = (
    "tier_hyperscaler",
    "tier_inference",
    "tier_neocloud",
    "tier_regional_cloud",
    "tier_reseller",
    "tier_serverless",
)
"""Against the lab that made the model."""


def _as_it_is(score: Matrix) -> Matrix:
    return score


def _log_odds(score_pct: Matrix) -> Matrix:
    return np.asarray(np.log(score_pct / (100.0 - score_pct)))


SCORES = {"epoch_capabilities_index": ("capability_index", _as_it_is), "gpqa_diamond": ("logit_score", _log_odds)}
"""Benchmarks, and what they are in the regression: Epoch's index of many benchmarks is on a scale of log odds already,
and covers most models; of shares of tasks solved, GPQA Diamond covers most."""

SIZE = Characteristic("log_size", "size_b", np.log)
SERIES: dict[str, tuple[Characteristic, ...]] = {"token_hedonic": (), "token_hedonic_and_size": (SIZE,)}
"""What is measured beside the score. Segments with size are over the models that state it, mostly open ones."""

TOKEN_KINDS = ("input", "output")
STUDY = "epoch_llm_price_study"
"""Its scores stand beside its own prices and are read with them alone (deflators/frontier_study.py)."""

RECENT_DAYS = 365
"""How long after its release a model is new."""


def token_panels(core: Mapping[str, pl.DataFrame], prices: pl.DataFrame) -> Iterator[HedonicPanel]:
    """Panels per benchmark and kind of token, without and with size: list prices of standard processing everywhere."""
    listed = prices.filter(pl.col("segment").is_in([f"tokens/{kind}/all" for kind in TOKEN_KINDS]))
    facts = core["dim_model"].select(pl.col("model").alias("unit"), "weights", "reasoning", "release_date")
    every = (
        listed.with_columns(pl.col("unit").alias("kind"), pl.col("seller").alias("provider"))
        .join(core["dim_provider"].select("provider", "tier"), on="provider", how="left")
        .join(facts, on="unit", how="left")
        .with_columns(
            pl.col("usd_per_currency").fill_null(1.0),
            (pl.col("weights") == "open").fill_null(False).alias("weights_open"),
            *[(pl.col("tier") == tier.removeprefix("tier_")).fill_null(False).alias(tier) for tier in TOKEN_TIERS],
            ((pl.col("month") - pl.col("release_date")).dt.total_days() < RECENT_DAYS).fill_null(False).alias("recent"),
        )
    )
    sizes = model_sizes(core)
    for benchmark, (name, made) in SCORES.items():
        scored = model_scores(core, benchmark)
        asked = pl.col("variant").is_not_null() & ~pl.col("variant").is_in(THOUGHTLESS)
        quotes = every.join(scored.select("kind", "variant"), on="kind", how="left").with_columns(
            (asked | pl.col("reasoning")).fill_null(False).alias("thinks")
        )
        score = Characteristic(name, "score", made)
        for token_kind in TOKEN_KINDS:
            of_kind = quotes.filter(pl.col("segment") == f"tokens/{token_kind}/all")
            for series, beside in SERIES.items():
                found = panel(
                    segment_of(series, token_kind=token_kind, benchmark=benchmark),
                    of_kind,
                    scored.drop("variant").join(sizes, on="kind", how="left"),
                    (score, *beside),
                    ("weights_open", "thinks", *TOKEN_TIERS),
                    TOKEN_TIERS,
                    FEWEST_MODELS,
                )
                if found is not None:
                    yield found


def model_sizes(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Models (`kind`) with size_b: the parameters that work on a token, where they are stated, else all of them."""
    active = pl.col("active_parameters_b").is_not_null()
    ends = [end for end in ("", HOW) if end + "parameters_b" in core["dim_model"].columns]
    return core["dim_model"].select(
        pl.col("model").alias("kind"),
        *[
            pl.when(active).then(f"{end}active_parameters_b").otherwise(f"{end}parameters_b").alias(f"{end}size_b")
            for end in ends
        ],
    )


def model_scores(core: Mapping[str, pl.DataFrame], benchmark: str) -> pl.DataFrame:
    """Models (`kind`) with score and variant: the best score of their variants, a stranger's before the maker's own.

    The price of a token is the same for all variants. Versions that came after the one the price is for are left out.
    """
    rows = core["fct_benchmark_score"].filter(
        pl.col("benchmark") == benchmark,
        pl.col("source_id") != STUDY,
        pl.col("valid_to").is_null(),
        pl.col("version_match").is_in(["only", "first"]),
        pl.col("score").is_between(0.0, 100.0, closed="none") | (pl.col("score_unit") != "pct"),
    )
    best = rows.sort(
        "model",
        pl.col("is_self_reported").fill_null(True),
        "score",
        "observation_id",
        descending=[False, False, True, False],
    ).unique("model", keep="first", maintain_order=True)
    return best.select(pl.col("model").alias("kind"), "variant", *carry("score")).sort("kind")
