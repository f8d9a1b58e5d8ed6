"""The lowest offer of each month among models that reach a score: the price level that the running minimum hides.

A running minimum cannot rise; what is on offer does, when a seller leaves or a model is withdrawn. Levels compare each
month's lowest offer with the first month's, whoever makes it. The yearly factor compares the first month with that of
the newest version scored on the benchmark: after it nobody can enter, and a level that stands still says only that the
record of scores has ended. Nobody is left out by name.

Not here: who reaches a score (capability.py), trends through the running minimum (deflators/frontier.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.deflation import DAYS_PER_YEAR, FEWEST_UNITS, annual_factor
from pipelines.economics.index_numbers.panel import Vector
from pipelines.economics.index_numbers.resampling import draws, ends
from pipelines.mart_kit.assumed import Core
from pipelines.mart_kit.carry import carry
from pipelines.panels import capability
from pipelines.panels.index_methods import Method

LOWEST_OFFER = Method("lowest_offer", "fixed", 0, "none")


def offers(core: Core) -> pl.DataFrame:
    """One row per segment, model and month: the model's cheapest offer on the day the month is read.

    `may_enter` is false in months after the newest version scored on the benchmark.
    """
    newest = capability.scores(core).group_by("benchmark").agg(pl.col("released").max().alias("newest"))
    return (
        capability.on_offer(core)
        .join(newest, on="benchmark")
        .with_columns(capability.segment(), pl.col("as_of_date").dt.month_start().alias("period"))
        .with_columns((pl.col("period") <= pl.col("newest")).fill_null(False).alias("may_enter"))
        .select("segment", "model", "period", "may_enter", *carry("price_usd_per_mtok"))
        .sort("segment", "model", "period")
    )


def index(found: pl.DataFrame) -> pl.DataFrame:
    """Rows of marts.price_index. A model is matched where the first month had it too."""
    started = pl.col("period") == pl.col("period").min().over("segment")
    months = (
        found.with_columns(started.alias("started"))
        .with_columns(pl.col("started").any().over("segment", "model").alias("matched"))
        .group_by("segment", "period")
        .agg(
            pl.col("price_usd_per_mtok").min().alias("price"),
            pl.col("matched").sum().cast(pl.Int64).alias("matched_items"),
            pl.len().cast(pl.Int64).alias("items_in_period"),
        )
        .sort("segment", "period")
    )
    return months.select(
        "segment",
        *[pl.lit(value).alias(name) for name, value in LOWEST_OFFER._asdict().items()],
        "period",
        (pl.col("price") / pl.col("price").first().over("segment")).alias("index_level"),
        "matched_items",
        (100.0 * pl.col("matched_items") / pl.col("items_in_period")).alias("coverage_pct"),
        "items_in_period",
    )


def deflation(found: pl.DataFrame, fewest_days: int) -> pl.DataFrame:
    """Rows of marts.price_deflation: the first month's lowest offer against that of the last in which any may enter."""
    return pl.DataFrame(list(_factors(found.filter("may_enter"), fewest_days)), infer_schema_length=None)


def _factors(found: pl.DataFrame, fewest_days: int) -> Iterator[dict[str, object]]:
    levels = (
        index(found)
        .group_by("segment", maintain_order=True)
        .agg(
            pl.col("period").first().alias("first_period"),
            pl.col("period").last().alias("last_period"),
            pl.col("index_level").last().alias("level"),
            pl.len().alias("months"),
            pl.col("coverage_pct").slice(1).mean(),
            pl.col("matched_items").last().alias("matched_ends"),
        )
    )
    both = found.join(levels.select("segment", "first_period", "last_period"), on="segment").sort("segment", "model")
    price = pl.col("price_usd_per_mtok")
    at_ends = both.group_by("segment", "model", maintain_order=True).agg(
        price.filter(pl.col("period") == pl.col("first_period")).first().alias("first"),
        price.filter(pl.col("period") == pl.col("last_period")).first().alias("last"),
    )
    first, last = (at_ends[name].fill_null(float("inf")).to_numpy() for name in ("first", "last"))
    models = dict(at_ends.group_by("segment").agg(pl.len()).iter_rows())
    start = 0
    for row in levels.iter_rows(named=True):
        part = slice(start, start + models[row["segment"]])
        start = part.stop
        first_period: dt.date = row["first_period"]
        span = (row["last_period"] - first_period).days
        if span < fewest_days:
            continue
        low, high = _interval(first[part], last[part], span)
        yield {
            "segment": row["segment"],
            **LOWEST_OFFER._asdict(),
            "annual_factor": annual_factor(1.0, row["level"], span),
            "ci_low": low,
            "ci_high": high,
            "ci_basis": "none" if low is None else "bootstrap_candidates",
            "n": models[row["segment"]],
            "resampled_units": models[row["segment"]],
            "months": row["months"],
            "coverage_pct": row["coverage_pct"],
            "matched_ends": row["matched_ends"],
            "first_period": first_period,
            "last_period": row["last_period"],
        }


def _interval(first: Vector, last: Vector, span_days: float) -> tuple[float | None, float | None]:
    """5% and 95% quantile over resamples of models; none where most resamples lack an offer at either end."""
    if first.size < FEWEST_UNITS:
        return None, None
    drawn = draws(first.size) > 0
    start, end = (np.where(drawn, price, np.inf).min(axis=1) for price in (first, last))
    there = np.isfinite(start) & np.isfinite(end)
    low, high, _ = ends((start[there] / end[there]) ** (DAYS_PER_YEAR / span_days), drawn.shape[0])
    return (low, high) if np.isfinite(low) else (None, None)
