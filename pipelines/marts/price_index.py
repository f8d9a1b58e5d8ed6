"""How does the price of the same thing on the same terms move, month by month, and how far do methods disagree?

Grain: segment x method x output x window_months x splice x period. Matched items only: no item is imputed and none
is carried. Chained Jevons drifts where items leave low and come back high; the multilateral GEKS-Jevons does not;
the fixed-base index loses items as they age. All three stand side by side so that the drift can be seen.

Not here: yearly factors (price_deflation.py), the panels (price_panel.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.geks import geks
from pipelines.economics.index_numbers.jevons import chained, fixed_base, log_links
from pipelines.economics.index_numbers.panel import Panel
from pipelines.marts.price_panel import INPUTS as PANEL_INPUTS
from pipelines.marts.price_panel import SegmentPanel, segment_panels
from pipelines.marts.schema import Schema, columns, count, day, label, number

INPUTS = PANEL_INPUTS

SCHEMA = Schema(
    table="price_index",
    description=(
        "One row per segment, method, output, window_months, splice and period. The price level of matched items, "
        "first month of the segment 1.0."
    ),
    key=("segment", "method", "output", "window_months", "splice", "period"),
    columns=columns(
        label("segment", "What is priced: family/item or zone/terms.", enumerated=True),
        label("method", "Index method.", enumerated=True),
        label("output", "fixed, chained or multilateral.", enumerated=True),
        count("window_months", "Months the multilateral window spans; 0 is all months at once.", unit="month"),
        label("splice", "How windows are joined; none where there is one.", enumerated=True),
        day("period", "First day of the month."),
        number("index_level", "dimensionless", "Price level, first month 1.0.", minimum=0),
        count("matched_items", "Items priced in this month and in the one the level is linked to."),
        count("items_in_period", "Items priced in this month."),
        count("link_gap_months", "Months a chained link spans; 1 is the month before, 0 for the other outputs."),
        number("coverage_pct", "percent", "Matched items of the items of this month.", minimum=0, maximum=100),
    ),
)

METHODS = (("jevons", "fixed"), ("jevons", "chained"), ("geks_jevons", "multilateral"))


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart: every segment by every method, months without a defined level left out."""
    rows = [row for found in segment_panels(core) for row in _rows(found)]
    frame = pl.DataFrame(rows, schema=[c.name for c in SCHEMA.columns], orient="row", infer_schema_length=None)
    return SCHEMA.conform(frame)


def level_of(links: np.ndarray, method: str, output: str) -> tuple[np.ndarray, np.ndarray]:
    """Levels and link lengths of one method over pairwise log links."""
    if output == "chained":
        return chained(links)
    level = fixed_base(links) if output == "fixed" else geks(links)
    return level, np.zeros(level.size, dtype=np.int64)


def matched_items(panel: Panel, output: str, reach: np.ndarray) -> np.ndarray:
    """Items each month shares with the one its level is linked to.

    A chained level is linked to the month `reach` before, a fixed one to the first; the multilateral index rests on
    every pair of months, of which the month before is the nearest.
    """
    months = np.arange(panel.periods)
    other = {"chained": months - reach, "fixed": np.zeros_like(months)}.get(output, np.maximum(months - 1, 0))
    return np.asarray(panel.matched()[months, other])


def _rows(found: SegmentPanel) -> Iterator[tuple[object, ...]]:
    items = found.panel.present.sum(axis=0)
    links = log_links(found.panel)
    for method, output in METHODS:
        level, reach = level_of(links, method, output)
        matched = matched_items(found.panel, output, reach)
        for t in np.flatnonzero(np.isfinite(level) & (items > 0)):
            yield (
                found.segment,
                method,
                output,
                0,
                "none",
                found.months[t],
                float(level[t]),
                int(matched[t]),
                int(items[t]),
                int(reach[t]),
                float(100.0 * matched[t] / items[t]),
            )
