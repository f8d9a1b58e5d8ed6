"""The matched-model deflator: the same thing on the same terms, over time (docs/adr/0004-index-method.md).

Chained Jevons drifts where items leave low and come back high, and where a tracker has gaps; the multilateral
GEKS-Jevons does not; the fixed-base index loses items as they age. All stand side by side so that the drift can be
seen. A new model that does the same for less is a new item here and changes nothing.

Not here: the panels (price_panel.py), the methods (index_methods.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.economics.index_numbers.bilateral import jevons
from pipelines.economics.index_numbers.deflation import FEWEST_UNITS, annual_factor, interval, resampled_links
from pipelines.economics.index_numbers.panel import Matrix, Panel, Vector
from pipelines.economics.trace import HOW
from pipelines.panels.deflators import Basis
from pipelines.panels.index_methods import WHOLE, Method, levels, sensitivities
from pipelines.panels.index_rules import rule
from pipelines.panels.price_panel import INPUTS as PANEL_INPUTS
from pipelines.panels.price_panel import PUBLISHED, SegmentPanel, monthly_prices, segment_panel, segment_panels

DEFLATOR = "matched_model"
SEGMENTS = ("gpu_rental/", "tokens/", "power/", "colo/")
INPUTS = PANEL_INPUTS
MARTS = PUBLISHED

FEWEST_DAYS = 89
"""Three calendar months, February among them. A month's movement raised to the twelfth power is noise with a point."""

SEASONAL = ("power/",)
"""Families whose prices have seasons: factors compare the same month of two years."""

SAYS = {"fixed": "each month against the first", "chained": "month on month", "multilateral": "every pair of months"}


@dataclass(frozen=True)
class Settings:
    """What a user may change (core.rules_index): months of the rolling window, the month whose level is 1.0, and the
    relative difference that is rounding and no change.
    """

    window: int
    base_month: dt.date | None
    same: float

    @classmethod
    def of(cls, core: Mapping[str, pl.DataFrame]) -> Settings:
        """As core states them."""
        base = int(rule(core, "base_period"))
        month = dt.date(base // 100, base % 100, 1) if base else None
        return cls(int(rule(core, "window_months")), month, rule(core, "same_price_pct") / 100.0)

    def base(self, found: SegmentPanel) -> int:
        """The place of the base month in a segment; of segments that do not hold it, the first."""
        return found.months.index(self.base_month) if self.base_month in found.months else 0


def index(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Every segment by every method, months without a defined level left out."""
    return _index(segment_panels(core), Settings.of(core))


def deflation(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One factor per segment and method."""
    return _deflation(segment_panels(core), Settings.of(core))


def basis(core: Mapping[str, pl.DataFrame], mart: str, row: Mapping[str, Any]) -> Basis:
    """Items of the segment, those with most months first, each with its price by month.

    Raises LookupError where the segment has too few prices.
    """
    prices = monthly_prices(core, row["segment"]).sort("segment", "item", "month")
    found = segment_panel(row["segment"], prices)
    if found is None:
        raise LookupError(f"segment {row['segment']!r} has too few prices in this release's core")
    observed = (
        prices.filter(
            pl.col("item").is_in(found.items.tolist()),
            pl.col("month").is_in(list(found.months)),
            pl.col("price").is_not_null(),
        )
        .with_columns(pl.len().over("item").alias("months"))
        .sort("months", "item", "month", descending=[True, False, False])
    )
    item = np.searchsorted(found.items, observed["item"].to_numpy())
    month = np.searchsorted(np.array(found.months, dtype="datetime64[D]"), observed["month"].to_numpy())

    def again(values: Vector) -> pl.DataFrame:
        price = np.full((len(found.items), len(found.months)), np.nan)
        price[item, month] = values
        panels = [replace(found, panel=Panel.of(price))]
        return _index(panels, settings) if mart == "price_index" else _deflation(panels, settings)

    settings = Settings.of(core)
    windows = f", windows of {row['window_months']} months" if row["window_months"] else ""
    return Basis(
        says=f"{row['method']}, {SAYS[row['output']]}{windows}, over the items: {len(found.items)}",
        observed=observed.select(
            pl.col("item").alias("group"),
            pl.col("month").dt.strftime("%Y-%m").alias("name"),
            pl.col("price").alias("value"),
            *[pl.col(HOW + "price").alias(HOW + "value")] * (HOW + "price" in observed.columns),
        ),
        again=again,
    )


def matched_items(pairs: Matrix, output: str, reach: NDArray[np.int64] | None, base: int = 0) -> NDArray[np.int64]:
    """Items each month shares with the one its level is linked to, from those each pair of months shares.

    A chained level is linked to the month `reach` before, a fixed one to the base; the multilateral index rests on
    every pair of months, of which the month before is the nearest.
    """
    months = np.arange(len(pairs))
    other = np.full_like(months, base) if output == "fixed" else np.maximum(months - 1, 0)
    if reach is not None:
        other = months - reach
    return np.asarray(pairs[months, other]).astype(np.int64)


def first_month(found: SegmentPanel) -> int:
    """The place of the month that factors start from: the first, or for what has seasons the first of its name."""
    if found.segment.startswith(SEASONAL):
        return next(p for p, month in enumerate(found.months) if month.month == found.months[-1].month)
    return 0


def _index(panels: Iterable[SegmentPanel], settings: Settings) -> pl.DataFrame:
    parts = [part for found in panels for part in _parts(found, settings)]
    return pl.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {})


def _parts(found: SegmentPanel, settings: Settings) -> Iterator[dict[str, NDArray[Any]]]:
    """The columns of marts.price_index, one part per method."""
    panel, ordinals = found.panel, found.ordinals()
    pairs = panel.matched()
    base = settings.base(found)
    by_method = list(levels(jevons(panel), panel.weight.size, settings.window, base))
    whole = next(level for named, level, _ in by_method if named == WHOLE)
    items = panel.present.sum(axis=0).astype(np.int64)
    entered, exited = np.zeros_like(items), np.zeros_like(items)
    change = np.diff(panel.present, axis=1)
    entered[1:], exited[1:] = (change > 0).sum(axis=0), (change < 0).sum(axis=0)
    for named, level, reach in by_method:
        matched = matched_items(pairs, named.output, reach, base)
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


def _deflation(panels: Iterable[SegmentPanel], settings: Settings) -> pl.DataFrame:
    rows = [row for found in panels for row in _rows(found, settings)]
    return pl.DataFrame(rows, infer_schema_length=None)


def _rows(found: SegmentPanel, settings: Settings) -> Iterator[dict[str, object]]:
    """The rows of marts.price_deflation, one per method."""
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
        replicates = {named: level for named, level, _ in levels(drawn, panel.weight.size, settings.window, base)}
    items = panel.present.sum(axis=0)
    matched_pairs = panel.matched()
    first_seen = matching.log_price[np.arange(units.size), matching.present.argmax(axis=1)]
    moved = (np.abs(matching.log_price - first_seen[:, None]) > settings.same) & (matching.present > 0)
    links = jevons(panel)
    published = levels(links, panel.weight.size, settings.window, base)
    for named, level, reach in chain(published, sensitivities(links, panel, settings.window, base)):
        defined = np.flatnonzero(np.isfinite(level))
        defined = defined[defined >= base]
        last = int(defined[-1]) if defined.size else base
        span = (months[last] - months[base]).days
        if span < FEWEST_DAYS:
            continue
        low, high = interval(replicates[named][:, last], span) if named in replicates else (np.nan, np.nan)
        known = bool(np.isfinite(low))
        matched = matched_items(matched_pairs, named.output, reach, base)
        yield {
            "segment": found.segment,
            **named._asdict(),
            "annual_factor": annual_factor(1.0, float(level[last]), span),
            "ci_low": low if known else None,
            "ci_high": high if known else None,
            "ci_basis": "bootstrap_units" if known else "none",
            "fx_factor": _fx_factor(found, base, last, span),
            "n": units.size,
            "resampled_units": unit_count,
            "changed_items": int(moved.any(axis=1).sum()),
            "months": defined.size,
            "coverage_pct": float(np.mean(100.0 * matched[defined[1:]] / items[defined[1:]])),
            "fewest_matched": int(matched[defined[1:]].min()),
            "matched_ends": int(matched_pairs[base, last]),
            "first_period": months[base],
            "last_period": months[last],
        }


def _fx_factor(found: SegmentPanel, base: int, last: int, span: int) -> float | None:
    """The yearly factor of the currency the contracts are in, in USD; None where they are in USD or in several."""
    start, end = (float(found.usd_per_currency[place]) for place in (base, last))
    return annual_factor(start, end, span) if np.isfinite(start) and np.isfinite(end) else None
