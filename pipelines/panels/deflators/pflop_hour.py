"""Price over capacity: what a PFLOP-hour, a TB/s-hour or a GB-hour of rented GPU costs from month to month.

A level of the mix on offer, not a matched price: `matched_items` says how much of a month was there the month before,
entries and exits how much was not. The geometric mean over all offers, and the cheapest offer, which is one seller's.
A chip is taken at the dense peak its maker prints; none runs at it.

Not here: the panels (capacity_panel.py), the prices themselves (capacity_price.py), what is held constant by regression
(deflators/hedonic.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.deflation import FEWEST_UNITS, annual_factor, interval
from pipelines.economics.index_numbers.hedonic_moments import draws
from pipelines.economics.index_numbers.panel import Matrix, Vector
from pipelines.economics.trace import HOW
from pipelines.panels.capacity import CAPACITIES, Capacity, CapacityPanel, Levels, capacity_panels
from pipelines.panels.deflators import Basis
from pipelines.panels.deflators.matched import FEWEST_DAYS
from pipelines.panels.index_methods import Method
from pipelines.panels.segments import segment_of
from pipelines.panels.whole_families import INPUTS as PANEL_INPUTS
from pipelines.panels.whole_families import MARTS as PANEL_MARTS

DEFLATOR = "quality_adjusted"
SEGMENTS = ("gpu_rental/pflop_hour/",)
INPUTS = PANEL_INPUTS
MARTS = PANEL_MARTS

CHEAPEST = "_cheapest"

Given = tuple[CapacityPanel, Vector | None, Matrix | None]
"""A panel, and other prices and facts than its own, in the order of its tables."""


def index(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Every commitment by every capacity, mean and cheapest."""
    return _index((found, None, None) for found in capacity_panels(core))


def deflation(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One factor per commitment, capacity, mean and cheapest."""
    return _deflation((found, None, None) for found in capacity_panels(core))


def prices(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows of marts.capacity_price."""
    return _prices((found, None, None) for found in capacity_panels(core))


def basis(core: Mapping[str, pl.DataFrame], mart: str, row: Mapping[str, Any]) -> Basis:
    """The quotes of the commitment by item, and the facts of the GPUs. Raises LookupError where it is not made."""
    found = next((found for found in capacity_panels(core) if segment(found) == row["segment"]), None)
    if found is None:
        raise LookupError(f"segment {row['segment']!r} has too few quotes in this release's core")
    make = {"price_index": _index, "price_deflation": _deflation, "capacity_price": _prices}[mart]
    facts = _facts(found)

    @lru_cache(maxsize=1)
    def made(values: tuple[float, ...]) -> pl.DataFrame:
        price, stated = np.split(np.array(values), [found.quotes.height])
        table = np.full((found.facts.height, len(CAPACITIES)), np.nan)
        table[facts["row"].to_numpy(), facts["column"].to_numpy()] = stated
        return make([(found, price, table)])

    how = [pl.col(HOW + "price").alias(HOW + "value")] * (HOW + "price" in found.quotes.columns)
    month = pl.col("month").dt.strftime("%Y-%m").alias("name")
    quotes = found.quotes.select(pl.col("item").alias("group"), month, pl.col("price").alias("value"), *how)
    return Basis(
        says=f"price over capacity, over the quotes: {found.quotes.height}",
        observed=pl.concat([quotes, facts.drop("row", "column")]),
        again=lambda values: made(tuple(values.tolist())),
    )


def segment(found: CapacityPanel) -> str:
    """Its name in the price marts."""
    return segment_of("gpu_capacity", commitment=found.commitment)


def _facts(found: CapacityPanel) -> pl.DataFrame:
    """The facts that are stated, GPU by GPU: group, name, value, and where they stand in the panel's table."""
    parts = [
        found.facts.with_row_index("row").select(
            pl.col("kind").alias("group"),
            pl.lit(capacity.fact).alias("name"),
            pl.col(capacity.fact).cast(pl.Float64).alias("value"),
            *[pl.col(HOW + capacity.fact).alias(HOW + "value")] * (HOW + capacity.fact in found.facts.columns),
            pl.col("row"),
            pl.lit(place).alias("column"),
        )
        for place, capacity in enumerate(CAPACITIES)
    ]
    return pl.concat(parts).drop_nulls("value").sort("row", "column")


def _levels(given: Given, drawn: Matrix) -> Iterator[tuple[Capacity, Levels]]:
    found, price, facts = given
    for place, capacity in enumerate(CAPACITIES):
        stated = None if facts is None else facts[:, place]
        levels = found.levels(capacity, drawn, price, stated)
        if np.isfinite(levels.mean[0]).sum() > 1:
            yield capacity, levels


def _by_method(given: Given, drawn: Matrix) -> Iterator[tuple[Method, Matrix, Levels]]:
    for capacity, levels in _levels(given, drawn):
        yield Method(capacity.name, "level", 0, "none"), levels.mean, levels
        yield Method(capacity.name + CHEAPEST, "level", 0, "none"), levels.cheapest, levels


def _sellers(found: CapacityPanel) -> int:
    return int(found.seller().max()) + 1


def _churn(found: CapacityPanel) -> dict[str, Vector]:
    """Offers by month that were there the month before, that were not, and that are gone."""
    items = found.quotes["item"].rle_id().to_numpy()
    there = np.zeros((items.max() + 1, len(found.months)), dtype=bool)
    there[items, found.quotes["place"].to_numpy()] = True
    before = np.hstack([there[:, :1], there[:, :-1]])
    return {
        "matched_items": (there & before).sum(axis=0),
        "entered_items": (there & ~before).sum(axis=0),
        "exited_items": (before & ~there).sum(axis=0),
        "items_in_period": there.sum(axis=0),
    }


def _index(given: Iterable[Given]) -> pl.DataFrame:
    parts = []
    for one in given:
        found = one[0]
        churn = _churn(found)
        observed = np.bincount(
            found.quotes["place"].to_numpy(), found.quotes["observed"].to_numpy(), len(found.months)
        ).astype(np.int64)
        for method, level, _ in _by_method(one, np.ones((1, _sellers(found)))):
            start = int(np.flatnonzero(np.isfinite(level[0]))[0])
            rows = pl.DataFrame(
                {
                    "period": np.array(found.months, dtype="datetime64[D]"),
                    "index_level": level[0] / level[0, start],
                    **churn,
                    "coverage_pct": 100.0 * churn["matched_items"] / churn["items_in_period"],
                    "observed_items": observed,
                }
            ).filter(pl.col("index_level").is_finite())
            key = [pl.lit(value).alias(name) for name, value in method._asdict().items()]
            parts.append(rows.select(pl.lit(segment(found)).alias("segment"), *key, pl.all()))
    return pl.concat(parts) if parts else pl.DataFrame()


def _deflation(given: Iterable[Given]) -> pl.DataFrame:
    rows = []
    for one in given:
        found, months = one[0], one[0].months
        sellers = _sellers(found)
        drawn = np.vstack([np.ones((1, sellers)), *[draws(sellers)] * (sellers >= FEWEST_UNITS)])
        offers = np.bincount(found.quotes["place"].to_numpy(), minlength=len(months))
        for method, level, levels in _by_method(one, drawn):
            defined = np.flatnonzero(np.isfinite(level[0]))
            first, last = int(defined[0]), int(defined[-1])
            span = (months[last] - months[first]).days
            if span < FEWEST_DAYS:
                continue
            movement = level[1:, last] / level[1:, first]
            low, high = interval(movement, span) if drawn.shape[0] > 1 else (np.nan, np.nan)
            known = bool(np.isfinite(low))
            rows.append(
                {
                    "segment": segment(found),
                    **method._asdict(),
                    "annual_factor": annual_factor(float(level[0, first]), float(level[0, last]), span),
                    "ci_low": low if known else None,
                    "ci_high": high if known else None,
                    "ci_basis": "bootstrap_units" if known else "none",
                    "n": int(levels.offers.sum()),
                    "resampled_units": sellers,
                    "months": defined.size,
                    "coverage_pct": float(np.mean(100.0 * levels.offers[defined] / offers[defined])),
                    "first_period": months[first],
                    "last_period": months[last],
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def _prices(given: Iterable[Given]) -> pl.DataFrame:
    parts = []
    for one in given:
        found = one[0]
        churn = _churn(found)
        columns: dict[str, Any] = {
            "period": np.array(found.months, dtype="datetime64[D]"),
            "offers": churn["items_in_period"],
            "entered_offers": churn["entered_items"],
            "exited_offers": churn["exited_items"],
            "sellers": found.per_month(found.quotes["unit"].to_numpy()),
            "gpus": found.per_month(found.quotes["kind"].to_numpy()),
        }
        for capacity, levels in _levels(one, np.ones((1, _sellers(found)))):
            columns[f"mean_usd_per_{capacity.name}"] = levels.mean[0]
            columns[f"cheapest_usd_per_{capacity.name}"] = levels.cheapest[0]
            if capacity is CAPACITIES[0]:
                held = found.quotes[np.maximum(levels.cheapest_row, 0)]
                priced = pl.Series(levels.cheapest_row >= 0)
                columns["cheapest_gpu"] = held["kind"].set(~priced, None)
                columns["cheapest_seller"] = held["unit"].set(~priced, None)
        rows = pl.DataFrame(columns).select(
            pl.lit(segment(found)).alias("segment"),
            pl.all().exclude(r"^(mean|cheapest)_usd_per_.*$"),
            pl.col(r"^(mean|cheapest)_usd_per_.*$").fill_nan(None),
        )
        parts.append(rows.filter(pl.any_horizontal(pl.col(r"^mean_usd_per_.*$").is_not_null())))
    return pl.concat(parts, how="diagonal_relaxed") if parts else pl.DataFrame()
