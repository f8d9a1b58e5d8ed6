"""How many times cheaper does the same thing get in a year, how sure is that, and on how much does it rest?

Grain: segment x method x output x window_months x splice. The factor compares the first with the last month of the
segment's index; above 1 is falling. Power has seasons: there the first month is the earliest of the same name as the
last. A factor over less than 365 days is marked as extrapolated; over less than a quarter there is none.

Not here: the monthly levels (price_index.py), quality (a new model that does the same for less is a new item here).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.bilateral import jevons
from pipelines.economics.index_numbers.deflation import (
    DAYS_PER_YEAR,
    FEWEST_UNITS,
    REPLICATES,
    SEED,
    annual_change_pct,
    annual_factor,
    interval,
    resampled_links,
)
from pipelines.economics.index_numbers.panel import Matrix
from pipelines.marts.index_methods import Method, levels
from pipelines.marts.price_index import INPUTS as INDEX_INPUTS
from pipelines.marts.price_index import KEY_OF_METHOD, matched_items
from pipelines.marts.price_panel import SegmentPanel, segment_panels
from pipelines.marts.schema import Schema, columns, count, day, flag, number

INPUTS = INDEX_INPUTS

FEWEST_DAYS = 89
"""Three calendar months, February among them. A month's movement raised to the twelfth power is noise with a point."""

SEASONAL = ("power/",)
"""Families whose prices have seasons: factors compare the same month of two years."""

_RESAMPLED = (
    f"{REPLICATES} bootstrap samples of the resampled units, seed {SEED}; null under {FEWEST_UNITS} units, or where "
    "one of them carries a link alone."
)

SCHEMA = Schema(
    table="price_deflation",
    description=(
        "One row per segment, method, output, window_months and splice. The yearly factor by which matched items "
        "got cheaper between first_period and last_period, with a 90% bootstrap interval."
    ),
    key=tuple(column.name for column in KEY_OF_METHOD),
    columns=columns(
        KEY_OF_METHOD,
        number("annual_factor", "1/year", "Times cheaper a year; above 1 = falling.", minimum=0),
        number("annual_change_pct", "percent/year", "The same as a yearly change: factor 2 is -50."),
        number("ci_low", "1/year", f"5% quantile of annual_factor over {_RESAMPLED}", nullable=True, minimum=0),
        number("ci_high", "1/year", f"95% quantile of annual_factor over {_RESAMPLED}", nullable=True, minimum=0),
        count("n", "Items matched: priced in at least two months of the segment."),
        count("resampled_units", "Their price setters, which the interval draws: sellers, models, zones or markets."),
        count("changed_items", "Items whose price of a month ever differs from their first one."),
        count("months", "Months with a level.", unit="month"),
        number(
            "coverage_pct", "percent", "Mean share of a month's items that its link matched.", minimum=0, maximum=100
        ),
        count("fewest_matched", "Items matched at the thinnest link between the first and the last month."),
        count("matched_ends", "Items priced in both the first and the last month."),
        count("span_days", "Days between the first and the last month.", unit="day"),
        flag("is_extrapolated", "Whether the span is under 365 days."),
        day("first_period", "First month compared."),
        day("last_period", "Last month with a level."),
        number("method_factor_min", "1/year", "Smallest annual_factor of this segment over all methods.", minimum=0),
        number("method_factor_max", "1/year", "Largest annual_factor of this segment over all methods.", minimum=0),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart: one factor per segment and method."""
    return table(segment_panels(core))


def table(panels: Iterable[SegmentPanel]) -> pl.DataFrame:
    """The rows of some segments."""
    rows = [row for found in panels for row in _rows(found)]
    if not rows:
        return SCHEMA.empty()
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col("annual_factor").min().over("segment").alias("method_factor_min"),
        pl.col("annual_factor").max().over("segment").alias("method_factor_max"),
        pl.col("ci_low", "ci_high").cast(pl.Float64).fill_nan(None),
    )
    return SCHEMA.conform(frame)


def first_month(found: SegmentPanel) -> int:
    """The place of the month that factors start from: the first, or for what has seasons the first of its name."""
    if found.segment.startswith(SEASONAL):
        return next(p for p, month in enumerate(found.months) if month.month == found.months[-1].month)
    return 0


def _rows(found: SegmentPanel) -> Iterator[dict[str, object]]:
    panel, months = found.panel, found.months
    base = first_month(found)
    if (months[-1] - months[base]).days < FEWEST_DAYS:
        return
    returning = found.returning()
    matching = panel.items(returning)
    units = np.unique(found.unit[returning], return_inverse=True)[1].reshape(-1)
    unit_count = int(units.max()) + 1
    replicates: dict[Method, Matrix] = {}
    if unit_count >= FEWEST_UNITS:
        drawn = resampled_links(matching, units)
        replicates = {named: level for named, level, _ in levels(drawn, panel.weight.size, base)}
    items = panel.present.sum(axis=0)
    matched_pairs = panel.matched()
    first_seen = matching.log_price[np.arange(units.size), matching.present.argmax(axis=1)]
    moved = (np.abs(matching.log_price - first_seen[:, None]) > 1e-9) & (matching.present > 0)
    for named, level, reach in levels(jevons(panel), panel.weight.size, base):
        defined = np.flatnonzero(np.isfinite(level))
        defined = defined[defined >= base]
        last = int(defined[-1]) if defined.size else base
        span = (months[last] - months[base]).days
        if span < FEWEST_DAYS:
            continue
        factor = annual_factor(1.0, float(level[last]), span)
        low, high = interval(replicates[named][:, last], span) if named in replicates else (None, None)
        matched = matched_items(panel, named.output, reach, base)
        yield {
            "segment": found.segment,
            **named._asdict(),
            "annual_factor": factor,
            "annual_change_pct": annual_change_pct(factor),
            "ci_low": low,
            "ci_high": high,
            "n": units.size,
            "resampled_units": unit_count,
            "changed_items": int(moved.any(axis=1).sum()),
            "months": defined.size,
            "coverage_pct": float(np.mean(100.0 * matched[defined[1:]] / items[defined[1:]])),
            "fewest_matched": int(matched[defined[1:]].min()),
            "matched_ends": int(matched_pairs[base, last]),
            "span_days": span,
            "is_extrapolated": span < DAYS_PER_YEAR,
            "first_period": months[base],
            "last_period": months[last],
        }
