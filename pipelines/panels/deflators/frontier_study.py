"""Epoch AI's study of token prices, computed again from the scores and prices it published: its 21 rows, and beside
each the second estimator, the interval by resampling and what dropping one point does.

The study's own prices (blended three to one), dates and thresholds, so that a reader can tell what our frontier owes
to method and what to data. The rows agree with the published ones to 1.4e-11 (tests/economics/index_numbers).

Not here: prices and scores observed since (frontier.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.mart_kit.carry import carry
from pipelines.panels import capability
from pipelines.panels.deflators import Basis, frontier

DEFLATOR = frontier.DEFLATOR
SEGMENTS = ("frontier_study/",)
INPUTS = ("fct_benchmark_score", "frontier_threshold")


def index(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """No rows: a regression on time has no level per month."""
    return pl.DataFrame()


def deflation(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Both rules for each of the study's thresholds."""
    return frontier.rows(reaching(core))


def basis(core: Mapping[str, pl.DataFrame], mart: str, row: Mapping[str, Any]) -> Basis:
    """The study's candidates, each with the price it set beside them. Raises LookupError where the release has none."""
    return frontier.of_candidates(reaching(core), row)


def reaching(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The study's models at or above each of its thresholds, by the day their price began."""
    return (
        core["fct_benchmark_score"]
        .filter(pl.col("source_id") == capability.STUDY, pl.col("price_usd_per_mtok").is_not_null())
        .filter(~pl.col("model_label").is_in(frontier.LEFT_OUT))
        .select(
            "benchmark",
            pl.col("model_label").alias("model"),
            pl.col("release_date").alias("entered"),
            "score_unit",
            *carry("score", "price_usd_per_mtok", ends=False),
            pl.col("release_date").alias("by_release"),
            (pl.col("release_date") == pl.col("release_date").min().over("benchmark", "model_label")).alias("is_entry"),
            pl.lit(True).alias("dated"),
        )
        .join(capability.thresholds(core, capability.STUDY), on="benchmark")
        .filter(capability.reaching())
        .with_columns(capability.segment("frontier_study"))
        .with_columns(pl.col("model").n_unique().over("segment").cast(pl.Int64).alias("able"))
        .sort("segment", "entered", "price_usd_per_mtok", "model")
    )
