"""How does the price of the same thing on the same terms move, month by month, and how far do methods disagree?

Grain: segment x method x output x window_months x splice x period. Matched items only: no price is imputed. Chained
Jevons drifts where items leave low and come back high, and where a tracker has gaps; the multilateral GEKS-Jevons
does not; the fixed-base index loses items as they age. All stand side by side so that the drift can be seen.

Not here: yearly factors (price_deflation.py), the panels (price_panel.py), the methods (index_methods.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.economics.index_numbers.bilateral import jevons
from pipelines.economics.index_numbers.panel import Panel
from pipelines.marts.index_methods import WHOLE, levels
from pipelines.marts.price_panel import INPUTS as PANEL_INPUTS
from pipelines.marts.price_panel import SegmentPanel, segment_panels
from pipelines.marts.schema import Column, Schema, columns, count, day, label, number

INPUTS = PANEL_INPUTS

KEY_OF_METHOD: tuple[Column, ...] = columns(
    label("segment", "What is priced: family/item or zone/terms.", enumerated=True),
    label("method", "Index method.", enumerated=True),
    label("output", "fixed, chained or multilateral.", enumerated=True),
    count("window_months", "Months the multilateral window spans; 0 is all months at once.", unit="month"),
    label("splice", "How windows are joined; none where there is one.", enumerated=True),
)

SCHEMA = Schema(
    table="price_index",
    description=(
        "One row per segment, method, output, window_months, splice and period. The price level of matched items, "
        "first month of the segment 1.0. Months without a defined level have no row."
    ),
    key=(*(column.name for column in KEY_OF_METHOD), "period"),
    columns=columns(
        KEY_OF_METHOD,
        day("period", "First day of the month."),
        number("index_level", "dimensionless", "Price level, first month 1.0.", minimum=0),
        count("matched_items", "Items priced in this month and in the one it is linked to (multilateral: the last)."),
        number("coverage_pct", "percent", "Matched items of the items of this month.", minimum=0, maximum=100),
        count("items_in_period", "Items priced in this month."),
        count("observed_items", "Of these, seen in this month or later; the others are not yet stale."),
        count("entered_items", "Items of this month that the segment's month before lacks."),
        count("exited_items", "Items of the segment's month before that this one lacks."),
        count("excluded_items", "Items left out of this month for a price of zero or below."),
        count("link_gap_months", "Calendar months a chained link spans, 1 without a gap; 0 for other outputs."),
        number(
            "ratio_to_geks",
            "dimensionless",
            "Level over the level of GEKS-Jevons over all months: of a chained index, its drift.",
            minimum=0,
        ),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart: every segment by every method, months without a defined level left out."""
    return table(segment_panels(core))


def table(panels: Iterable[SegmentPanel]) -> pl.DataFrame:
    """The rows of some segments."""
    parts = [part for found in panels for part in _parts(found)]
    if not parts:
        return SCHEMA.empty()
    return SCHEMA.conform(pl.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]}))


def matched_items(panel: Panel, output: str, reach: NDArray[np.int64] | None, base: int = 0) -> NDArray[np.int64]:
    """Items each month shares with the one its level is linked to.

    A chained level is linked to the month `reach` before, a fixed one to the base; the multilateral index rests on
    every pair of months, of which the month before is the nearest.
    """
    months = np.arange(panel.periods)
    other = np.full_like(months, base) if output == "fixed" else np.maximum(months - 1, 0)
    if reach is not None:
        other = months - reach
    return np.asarray(panel.matched()[months, other]).astype(np.int64)


def _parts(found: SegmentPanel) -> Iterator[dict[str, NDArray[Any]]]:
    """The columns of the table, one part per method."""
    panel, ordinals = found.panel, found.ordinals()
    by_method = list(levels(jevons(panel), panel.weight.size))
    whole = next(level for named, level, _ in by_method if named == WHOLE)
    items = panel.present.sum(axis=0).astype(np.int64)
    entered, exited = np.zeros_like(items), np.zeros_like(items)
    change = np.diff(panel.present, axis=1)
    entered[1:], exited[1:] = (change > 0).sum(axis=0), (change < 0).sum(axis=0)
    for named, level, reach in by_method:
        matched = matched_items(panel, named.output, reach)
        figures = {
            "period": np.array(found.months, dtype="datetime64[D]"),
            "index_level": level,
            "matched_items": matched,
            "coverage_pct": 100.0 * matched / items,
            "items_in_period": items,
            "observed_items": found.observed,
            "entered_items": entered,
            "exited_items": exited,
            "excluded_items": found.excluded,
            "link_gap_months": ordinals - ordinals[np.arange(items.size) - (0 if reach is None else reach)],
            "ratio_to_geks": level / whole,
        }
        shown = np.isfinite(level)
        key = {"segment": found.segment, **named._asdict()}
        yield {
            **{name: np.repeat(np.array([value]), shown.sum()) for name, value in key.items()},
            **{name: values[shown] for name, values in figures.items()},
        }
