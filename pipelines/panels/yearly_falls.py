"""Measured falls of prices brought to a year: averages of the reconciled panels, and falls between two dated levels.

Not here: what others claim (marts/deflation_claim.py), the panels (reconciled.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.index_numbers.deflation import DAYS_PER_YEAR
from pipelines.mart_kit.carry import because, carry, renamed

TOKEN_SEGMENTS = ("tokens/input/all", "tokens/output/all")
AVERAGES = ("geometric_mean", "arithmetic_mean")
WHOLE = {"method": "geks_jevons", "window_months": 0}
"""Of the matched indices the one without drift and without windows: its own method range stands in price_deflation."""

OF_STUDY = pl.col("segment").str.starts_with("frontier_study/")
OF_OURS = pl.col("segment").str.contains("^frontier/.*/all/input_output_3_1$")
"""Frontiers shown beside a claim: the study's own, and ours over all models at the study's blend of prices."""


def yearly_averages(rows: pl.DataFrame, segments: Sequence[str], averages: Sequence[str]) -> pl.DataFrame:
    """Averages of deflation_reconciliation brought to a year: segment, method, measured_annual_factor and its dates."""
    levels = rows.filter(
        pl.col("segment").is_in(segments), pl.col("basis").is_in(averages), pl.col("measure") == "total"
    ).select(
        "segment",
        pl.col("basis").alias("method"),
        *carry("change_log_pct"),
        pl.col("items_to").alias("n"),
        pl.col("from_period").alias("measured_from"),
        pl.col("to_period").alias("measured_to"),
    )
    made = compute(levels, ("fall_of_log_change",))
    return yearly(renamed(made, {"fall_of_log_change": "price_fall_factor"}), "average_level", "level")


def yearly(rows: pl.DataFrame, compared_with: str, output: str) -> pl.DataFrame:
    """A fall between two dated levels as a measured yearly factor, with the key columns of a level."""
    span = (pl.col("measured_to") - pl.col("measured_from")).dt.total_days() / DAYS_PER_YEAR
    dated = rows.with_columns(span.alias("span_years"), *because("span_years", "days between the two periods over 365"))
    made = renamed(
        compute(dated, ("annual_price_fall_factor",)),
        {"annual_price_fall_factor": "measured_annual_factor"},
    )
    return made.select(
        *[name for name in ("claim", "is_comparable") if name in made.columns],
        pl.lit(compared_with).alias("compared_with"),
        "segment",
        "method",
        pl.lit(output).alias("output"),
        pl.lit(0, pl.Int64).alias("window_months"),
        pl.lit("none").alias("splice"),
        *carry("measured_annual_factor"),
        "n",
        "measured_from",
        "measured_to",
        (pl.col("span_years") < 1.0).alias("is_extrapolated"),
    )
