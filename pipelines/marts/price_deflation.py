"""How many times cheaper does it get in a year, by every deflator, how sure is that, and on how much does it rest?

Grain: segment x method x output x window_months x splice. The factor compares the first with the last month of the
segment's index; above 1 is falling. Power has seasons: there the first month is the earliest of the same name as the
last. A factor over less than 365 days is marked as extrapolated; over less than a quarter there is none.

Each deflator brings its rows (pipelines/marts/deflators); here is what a row must hold, and what is computed for all
alike: the yearly change, the span, and the sensitivity to method and splice.

Not here: the levels (price_index.py), the deflators.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.index_numbers.deflation import (
    DAYS_PER_YEAR,
    FEWEST_UNITS,
    REPLICATES,
    SEED,
    annual_change_pct,
)
from pipelines.mart_kit.identity import equal, holds
from pipelines.mart_kit.schema import Schema, columns, count, day, flag, label, number
from pipelines.marts.price_index import KEY_OF_METHOD
from pipelines.panels.deflators import deflators, inputs, marts

INPUTS = inputs()
MARTS = marts()

_RESAMPLED = (
    f"{REPLICATES} bootstrap samples of the resampled units, seed {SEED}; null under {FEWEST_UNITS} units, or where "
    "one of them carries a link alone."
)

_T_INTERVAL = (
    "the 90% t-interval of a regression on time, as published with Epoch AI's rule. It takes points for independent "
    "draws, which those of a running minimum are not."
)

SCHEMA = Schema(
    table="price_deflation",
    kind="answer",
    description=(
        "One row per segment, method, output, window_months and splice. The yearly factor by which a segment got "
        "cheaper between first_period and last_period, by the deflator named, with a 90% bootstrap interval."
    ),
    key=tuple(column.name for column in KEY_OF_METHOD),
    columns=columns(
        KEY_OF_METHOD,
        label("deflator", "What is held constant.", enumerated=True),
        number("annual_factor", "1/year", "Times cheaper a year; above 1 = falling.", minimum=0),
        number("annual_change_pct", "percent/year", "The same as a yearly change: factor 2 is -50."),
        number("ci_low", "1/year", f"5% quantile of annual_factor over {_RESAMPLED}", nullable=True, minimum=0),
        number("ci_high", "1/year", f"95% quantile of annual_factor over {_RESAMPLED}", nullable=True, minimum=0),
        label("ci_basis", "What the bootstrap draws; none where there is no interval.", enumerated=True),
        number("t_low", "1/year", f"Low end of {_T_INTERVAL}", nullable=True, minimum=0),
        number("t_high", "1/year", f"High end of {_T_INTERVAL}", nullable=True, minimum=0),
        number(
            "dropped_factor_min",
            "1/year",
            "Smallest annual_factor with one point of the frontier, or one model of the regression, left out.",
            nullable=True,
            minimum=0,
        ),
        number(
            "dropped_factor_max",
            "1/year",
            "Largest annual_factor with one point of the frontier, or one model of the regression, left out.",
            nullable=True,
            minimum=0,
        ),
        number(
            "release_dated_factor",
            "1/year",
            "Of a frontier: annual_factor with first offers dated by the release of their model, not by first sight.",
            nullable=True,
            minimum=0,
        ),
        number(
            "fx_factor",
            "1/year",
            "Times cheaper a year by the contracts' currency alone, in USD: annual_factor times it is the factor "
            "of the price in USD. Null where contracts are in USD or in several currencies.",
            nullable=True,
            minimum=0,
        ),
        count(
            "n",
            "Observations behind the factor: items priced in at least two months, points of a frontier, rows of a "
            "regression.",
        ),
        count("resampled_units", "Units the interval draws: sellers, models, zones, markets.", nullable=True),
        count("changed_items", "Items whose price of a month ever differs from their first one.", nullable=True),
        count("months", "Months with a level.", unit="month", nullable=True),
        number(
            "coverage_pct",
            "percent",
            "Mean share of a month's items that its link matched; of a frontier, share of the models reaching the "
            "threshold that enter with a dated price.",
            nullable=True,
            minimum=0,
            maximum=100,
        ),
        count(
            "fewest_matched", "Items matched at the thinnest link between the first and the last month.", nullable=True
        ),
        count("matched_ends", "Items priced in both the first and the last month.", nullable=True),
        count("span_days", "Days between first_period and last_period.", unit="day"),
        flag("is_extrapolated", "Whether the span is under 365 days."),
        day("first_period", "First month or day compared."),
        day("last_period", "Last month or day with a level."),
        number("method_factor_min", "1/year", "Smallest annual_factor of this segment over all methods.", minimum=0),
        number("method_factor_max", "1/year", "Largest annual_factor of this segment over all methods.", minimum=0),
        number(
            "splice_factor_min",
            "1/year",
            "Smallest annual_factor of this segment over all splices of rolling windows; null without windows.",
            nullable=True,
            minimum=0,
        ),
        number(
            "splice_factor_max",
            "1/year",
            "Largest annual_factor of this segment over all splices of rolling windows; null without windows.",
            nullable=True,
            minimum=0,
        ),
    ),
    rules=(
        equal("the yearly change follows from the factor", "100 * (1 / annual_factor - 1)", "annual_change_pct"),
        holds("the first period comes before the last", "first_period < last_period"),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart: the rows of every deflator."""
    made = [module.deflation(core).with_columns(deflator=pl.lit(module.DEFLATOR)) for module in deflators().values()]
    return table(pl.concat([SCHEMA.empty(), *made], how="diagonal_relaxed"))


def table(rows: pl.DataFrame) -> pl.DataFrame:
    """Deflators' rows as the table; columns they do not give are null."""
    factor, alike = pl.col("annual_factor"), ("deflator", "segment")
    spliced = factor.filter(pl.col("splice") != "none")
    span = (pl.col("last_period") - pl.col("first_period")).dt.total_days()
    return SCHEMA.conform(
        pl.concat([SCHEMA.empty(), rows], how="diagonal_relaxed").with_columns(
            pl.col("ci_basis").fill_null("none"),
            annual_change_pct(factor).alias("annual_change_pct"),
            span.alias("span_days"),
            (span < DAYS_PER_YEAR).alias("is_extrapolated"),
            factor.min().over(alike).alias("method_factor_min"),
            factor.max().over(alike).alias("method_factor_max"),
            spliced.min().over(alike).alias("splice_factor_min"),
            spliced.max().over(alike).alias("splice_factor_max"),
        )
    )
