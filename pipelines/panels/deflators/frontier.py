"""The frontier deflator: how much cheaper a given score gets in a year (docs/index_numbers.md#capability-frontier).

Estimators stand side by side in every segment: `epoch_rule`, the line through the running minimum, and
`logit_rule`, price on time and score over the first offers of all versions that reach the threshold (cuts alone, with
no rises, would be a sample chosen by its outcome). With one model a price is one number; here new models enter, so this
is what progress takes off the price of a score, not what sellers take off a price. A third, `lowest_offer`, fits no
line: it compares what is on offer in the first and the last month, and can rise (pipelines/panels/frontier_offers.py).

A model enters on the later of its release and the day its price is first seen; its own price cuts are candidates
of the frontier again. `release_dated_factor` is the line with first offers dated by release, as the study dates them.
Prices of which nobody saw the beginning are left out (capability.candidates). Coverage is the share of the models
reaching the threshold that enter: the others have no price here, or none with a date.

Not here: candidates (pipelines/panels/capability.py), the estimators (pipelines/economics/index_numbers).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.frontier import Candidates, Trend, epoch_rule, running_minimum_factor
from pipelines.economics.index_numbers.logit_rule import LogitTrend, logit_rule
from pipelines.economics.index_numbers.panel import Vector
from pipelines.mart_kit.carry import aliased
from pipelines.panels import capability, frontier_offers
from pipelines.panels.deflators import Basis

DEFLATOR = "quality_adjusted"
SEGMENTS = ("frontier/",)
INPUTS = capability.INPUTS

EPOCH = dt.date(1970, 1, 1)
"""Day 0 of the day numbers that dates are turned into."""

LEFT_OUT = ("o1-mini",)
"""The study leaves this model out by name, and so does every frontier here that is to be read beside it."""

FEWEST_DAYS = 89
"""As for matched models: what happened in a month, raised to the twelfth power, is noise."""


def index(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The lowest offer month by month; a regression on time has no level per month."""
    return frontier_offers.index(frontier_offers.offers(core))


def deflation(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Both rules for every segment that has enough points, and the lowest offer of the first and the last month."""
    offered = frontier_offers.deflation(frontier_offers.offers(core), FEWEST_DAYS)
    return pl.concat([rows(reaching(core)), offered], how="diagonal_relaxed")


def reaching(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The candidates of every segment, dated or not; `able` models reach its threshold, priced or not."""
    of = ["benchmark", "threshold", "model_class"]
    scored = capability.scores(core).filter(~pl.col("model").is_in(LEFT_OUT))
    rungs = capability.thresholds(core)
    reach = scored.join(rungs, on="benchmark").filter(capability.reaching())
    able = reach.group_by(of).agg(pl.col("model").n_unique().cast(pl.Int64).alias("able"))
    return (
        capability.candidates(core, scored)
        .join(rungs, on="benchmark")
        .filter(capability.reaching())
        .join(able, on=of)
        .with_columns(capability.segment())
    )


def rows(found: pl.DataFrame) -> pl.DataFrame:
    """Rows of marts.price_deflation from candidates: segment, able and what the estimators read of each."""
    dated = found.filter("dated").sort("segment", maintain_order=True)
    column = {name: dated[name].to_numpy() for name in ("entered", "price_usd_per_mtok", "score")}
    released, entry, model = dated["by_release"].to_numpy(), dated["is_entry"].to_numpy(), dated["model"].to_numpy()
    names = dated["segment"].rle().struct.unnest()
    made = []
    start = 0
    # Slices of whole columns: hundreds of segments, each too small to be worth a query.
    for length, segment in names.iter_rows():
        part = slice(start, start + length)
        day, price, score = (column[name][part] for name in column)
        first = entry[part]
        offers = Offers(
            every=Candidates.of(model[part], day, price, score),
            first=Candidates.of(model[part][first], day[first], price[first], score[first]),
            by_release=Candidates.of(model[part], released[part], price, score),
        )
        made += [*_rows(segment, offers, dated["score_unit"][start], dated["able"][start])]
        start += length
    return pl.DataFrame(made, infer_schema_length=None)


def basis(core: Mapping[str, pl.DataFrame], mart: str, row: Mapping[str, Any]) -> Basis:
    """The candidates of the segment, each with its price by the day it entered, and what was on offer by month.

    A factor needs both: its sensitivity to the method is over all three. Raises LookupError where the segment has
    none.
    """
    offered = _of_offers(frontier_offers.offers(core), mart, row)
    if mart == "price_index":
        return offered
    parts = [of_candidates(reaching(core), row), offered]
    if row["method"] == frontier_offers.LOWEST_OFFER.method:
        parts.reverse()
    split = parts[0].observed.height

    def again(values: Vector) -> pl.DataFrame:
        return pl.concat([parts[0].again(values[:split]), parts[1].again(values[split:])], how="diagonal_relaxed")

    return Basis(says=parts[0].says, observed=pl.concat([part.observed for part in parts]), again=again)


def _of_offers(offered: pl.DataFrame, mart: str, row: Mapping[str, Any]) -> Basis:
    own = offered.filter(pl.col("segment") == row["segment"])
    if own.is_empty():
        raise LookupError(f"segment {row['segment']!r} has no offers in this release's core")

    def again(values: Vector) -> pl.DataFrame:
        found = own.with_columns(pl.Series("price_usd_per_mtok", values))
        return frontier_offers.index(found) if mart == "price_index" else frontier_offers.deflation(found, FEWEST_DAYS)

    return Basis(
        says=f"lowest offer of the month over the {own['model'].n_unique()} models that reach the threshold; prices",
        observed=own.select(
            pl.format("{}, by month", "model").alias("group"),
            pl.col("period").dt.strftime("%Y-%m").alias("name"),
            *aliased({"price_usd_per_mtok": "value"}, ends=False),
        ),
        again=again,
    )


def of_candidates(found: pl.DataFrame, row: Mapping[str, Any]) -> Basis:
    """What a row of one of these candidates' segments stands on. Raises LookupError where it has none."""
    own = found.filter(pl.col("segment") == row["segment"], pl.col("dated")).sort("model", "entered")
    if own.is_empty() and row["method"] != frontier_offers.LOWEST_OFFER.method:
        raise LookupError(f"segment {row['segment']!r} has no candidates in this release's core")

    def again(values: Vector) -> pl.DataFrame:
        return rows(own.with_columns(pl.Series("price_usd_per_mtok", values)))

    return Basis(
        says=f"{row['method']} over the {own['model'].n_unique()} models that reach the threshold; prices",
        observed=own.select(
            pl.format("{}, as it entered", "model").alias("group"),
            pl.col("entered").dt.strftime("%Y-%m-%d").alias("name"),
            *aliased({"price_usd_per_mtok": "value"}, ends=False),
        ),
        again=again,
    )


@dataclass(frozen=True)
class Offers:
    """One segment's candidates: every new low, first offers alone, and every new low with first offers by release."""

    every: Candidates
    first: Candidates
    by_release: Candidates


def _rows(segment: str, offers: Offers, score_unit: str, able: int) -> Iterator[dict[str, object]]:
    found = offers.every
    published = epoch_rule(found)
    if published is not None and published.span_days >= FEWEST_DAYS:
        ends = found.day[published.points[0]], found.day[published.points[-1]]
        row = _row(segment, "epoch_rule", published, found, able, ends)
        yield {**row, "release_dated_factor": running_minimum_factor(offers.by_release)}
    found = offers.first
    second = logit_rule(found, score_unit)
    if second is not None and second.span_days >= FEWEST_DAYS:
        yield _row(segment, "logit_rule", second, found, able, (found.day[0], found.day[-1]))


def _row(
    segment: str,
    method: str,
    fit: Trend | LogitTrend,
    found: Candidates,
    able: int,
    period: tuple[np.int64, np.int64],
) -> dict[str, object]:
    known = bool(np.isfinite(fit.ci_low))
    models = int(found.units().max()) + 1
    ends = {
        "t_low": fit.t_low,
        "t_high": fit.t_high,
        "dropped_factor_min": fit.drop_low,
        "dropped_factor_max": fit.drop_high,
    }
    return {
        "segment": segment,
        "method": method,
        "output": "trend",
        "window_months": 0,
        "splice": "none",
        "annual_factor": fit.factor,
        "ci_low": fit.ci_low if known else None,
        "ci_high": fit.ci_high if known else None,
        "ci_basis": "bootstrap_candidates" if known else "none",
        # Beyond what a double holds, such as ten to the power of 400, an end is not known.
        **{name: value if np.isfinite(value) else None for name, value in ends.items()},
        "n": fit.n,
        "resampled_units": models,
        "coverage_pct": 100.0 * models / able,
        "first_period": EPOCH + dt.timedelta(days=int(period[0])),
        "last_period": EPOCH + dt.timedelta(days=int(period[1])),
    }
