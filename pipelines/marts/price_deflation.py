"""How many times cheaper does the same thing get in a year, how sure is that, and on how much does it rest?

Grain: segment x method x output x window_months x splice. The factor compares the first with the last month of the
segment's index; above 1 is falling. A factor over less than 365 days is marked as extrapolated.

Not here: the monthly levels (price_index.py), quality (a new model that does the same for less is a new item here).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.deflation import (
    DAYS_PER_YEAR,
    FEWEST_FOR_INTERVAL,
    annual_change_pct,
    annual_factor,
    interval,
    resampled_links,
)
from pipelines.economics.index_numbers.jevons import log_links
from pipelines.marts.price_index import INPUTS as INDEX_INPUTS
from pipelines.marts.price_index import METHODS, level_of, matched_items
from pipelines.marts.price_panel import SegmentPanel, segment_panels
from pipelines.marts.schema import Schema, columns, count, day, flag, label, number

INPUTS = INDEX_INPUTS

SCHEMA = Schema(
    table="price_deflation",
    description=(
        "One row per segment, method, output, window_months and splice. The yearly factor by which matched items "
        "got cheaper between the segment's first and last month, with a bootstrap interval over items."
    ),
    key=("segment", "method", "output", "window_months", "splice"),
    columns=columns(
        label("segment", "What is priced: family/item or zone/terms.", enumerated=True),
        label("method", "Index method.", enumerated=True),
        label("output", "fixed, chained or multilateral.", enumerated=True),
        count("window_months", "Months the multilateral window spans; 0 is all months at once.", unit="month"),
        label("splice", "How windows are joined; none where there is one.", enumerated=True),
        number("annual_factor", "1/year", "Times cheaper a year; above 1 = falling.", minimum=0),
        number("annual_change_pct", "percent/year", "The same as a yearly change: factor 2 is -50."),
        number(
            "ci_low",
            "1/year",
            "5% quantile of the factor over resampled items; null under 5 items.",
            nullable=True,
            minimum=0,
        ),
        number(
            "ci_high",
            "1/year",
            "95% quantile of the factor over resampled items; null under 5 items.",
            nullable=True,
            minimum=0,
        ),
        count("n", "Items seen in at least two months."),
        count("months", "Months with a level.", unit="month"),
        number(
            "coverage_pct", "percent", "Mean share of a month's items that its link matched.", minimum=0, maximum=100
        ),
        count("span_days", "Days between the first and the last month.", unit="day"),
        flag("is_extrapolated", "Whether the span is under 365 days."),
        day("first_period", "First month."),
        day("last_period", "Last month with a level."),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart: one factor per segment and method."""
    rows = [row for found in segment_panels(core) for row in _rows(found)]
    frame = pl.DataFrame(rows, schema=[c.name for c in SCHEMA.columns], orient="row", infer_schema_length=None)
    return SCHEMA.conform(frame.with_columns(pl.col("ci_low", "ci_high").fill_nan(None)))


def _rows(found: SegmentPanel) -> Iterator[tuple[object, ...]]:
    items = found.panel.present.sum(axis=0)
    links = log_links(found.panel)
    returning = found.returning()
    if returning.weight.size == 0:
        return
    replicates = resampled_links(returning) if returning.weight.size >= FEWEST_FOR_INTERVAL else None
    for method, output in METHODS:
        level, reach = level_of(links, method, output)
        matched = matched_items(found.panel, output, reach)
        defined = np.flatnonzero(np.isfinite(level) & (items > 0))
        last = int(defined[-1])
        if last == 0:
            continue
        span = (found.months[last] - found.months[0]).days
        factor = annual_factor(1.0, float(level[last]), span)
        low, high = None, None
        if replicates is not None:
            levels = level_of(replicates, method, output)[0][:, last]
            low, high = interval(levels, span)
        yield (
            found.segment,
            method,
            output,
            0,
            "none",
            factor,
            annual_change_pct(factor),
            low,
            high,
            returning.weight.size,
            int(defined.size),
            float(np.mean(100.0 * matched[defined[1:]] / items[defined[1:]])),
            span,
            span < DAYS_PER_YEAR,
            found.months[0],
            found.months[last],
        )
