"""The hedonic deflators: what a given chip, or a model of a given score, costs from month to month.

`ln p_it = delta_t + sum_k beta_k z_ik`: prices of a month against the characteristics of what is quoted and of who
quotes it, pooled over all months (index_numbers/hedonic.py). Unlike the matched index it uses items seen once, and a
new chip that does more for the same price is a fall. What the characteristics leave out (support, network, uptime,
what software makes of a chip) stays in the index where it changes with the sample.

Beside the index of all months: windows of 25 months spliced; coefficients of two adjacent months at a time; and, as
sensitivity under names of their own, the correction of the exponential's bias, every quote counted once, without the
tiers of sellers; for GPUs with a level of its own for every seller; for tokens over models in their first year alone,
since a list keeps what nobody buys any more. Segments `..._and_size` hold a model's size constant as well: what is
left is no longer the price of a score, since a smaller model that reaches it is how the price falls.

Not here: the panels (hedonic_panel.py), the coefficients' table (hedonic_coefficient.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.economics.index_numbers.deflation import FEWEST_UNITS, annual_factor, interval
from pipelines.economics.index_numbers.hedonic import Fit, Observations, collinear, time_dummy
from pipelines.economics.index_numbers.hedonic_moments import (
    Moments,
    adjacent,
    draws,
    log_levels,
    windowed,
    with_cluster_effects,
)
from pipelines.economics.index_numbers.panel import Matrix, Vector
from pipelines.economics.index_numbers.windows import spliced
from pipelines.economics.trace import HOW
from pipelines.panels.deflators import Basis
from pipelines.panels.deflators.matched import FEWEST_DAYS
from pipelines.panels.hedonic import hedonic_panels
from pipelines.panels.hedonic_panel import FEWEST_MODELS, HedonicPanel
from pipelines.panels.hedonic_tokens import SIZE
from pipelines.panels.index_methods import SPLICES, Method
from pipelines.panels.whole_families import INPUTS as PANEL_INPUTS
from pipelines.panels.whole_families import MARTS as PANEL_MARTS

DEFLATOR = "quality_adjusted"
SEGMENTS = ("gpu_rental/hedonic/", "tokens/hedonic/")
INPUTS = PANEL_INPUTS
MARTS = PANEL_MARTS

FEWEST_CLUSTERS = 10
"""Fewer clusters make a standard error by clusters too small (Cameron and Miller 2015): none is given."""

ALL_MONTHS = Method("tdh", "multilateral", 0, "none")
ADJACENT = Method("tdh", "chained", 0, "none")
BIAS = Method("tdh_bias_corrected", "multilateral", 0, "none")
QUOTES = Method("tdh_equal_quotes", "multilateral", 0, "none")
NO_TIERS = Method("tdh_without_tiers", "multilateral", 0, "none")
SELLERS = Method("tdh_within_sellers", "multilateral", 0, "none")
RECENT = Method("tdh_recent", "multilateral", 0, "none")
NO_SIZE = Method("tdh_without_size", "multilateral", 0, "none")

SAYS = {
    ALL_MONTHS: "time dummy hedonic over all months",
    ADJACENT: "time dummy hedonics of two adjacent months, chained",
    BIAS: "time dummy hedonic over all months, less half the variance of a month's estimate",
    QUOTES: "time dummy hedonic over all months, every quote counted once",
    NO_TIERS: "time dummy hedonic over all months, without the tiers of sellers",
    SELLERS: "time dummy hedonic over all months, with a level of its own for every seller",
    RECENT: "time dummy hedonic over all months, models in the year after their release",
    NO_SIZE: "time dummy hedonic over all months, of the models of stated size without their size",
}


def index(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Every segment by every method, months without a defined level left out."""
    return _index((found, found.observations()) for found in hedonic_panels(core))


def deflation(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One factor per segment and method."""
    return _deflation((found, found.observations()) for found in hedonic_panels(core))


def coefficients(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows of marts.hedonic_coefficient."""
    return _coefficients((found, found.observations()) for found in hedonic_panels(core))


def basis(core: Mapping[str, pl.DataFrame], mart: str, row: Mapping[str, Any]) -> Basis:
    """The quotes of the segment by item, and the facts of what is quoted.

    Raises LookupError where the segment is no longer made.
    """
    found = next((found for found in hedonic_panels(core) if found.segment == row["segment"]), None)
    if found is None:
        raise LookupError(f"segment {row['segment']!r} has too few quotes in this release's core")
    stated = [c.fact for c in found.measured]

    make = {"price_index": _index, "price_deflation": _deflation, "hedonic_coefficient": _coefficients}[mart]

    @lru_cache(maxsize=1)
    def made(values: tuple[float, ...]) -> pl.DataFrame:
        prices, facts = np.split(np.array(values), [found.quotes.height])
        return make([(found, found.observations(prices, facts.reshape(-1, len(stated))))])

    def again(values: Vector) -> pl.DataFrame:
        # Every figure of a row asks for the same rows.
        return made(tuple(values.tolist()))

    how = [pl.col(HOW + "price").alias(HOW + "value")] * (HOW + "price" in found.quotes.columns)
    month = pl.col("month").dt.strftime("%Y-%m").alias("name")
    quotes = found.quotes.select(pl.col("item").alias("group"), month, pl.col("price").alias("value"), *how)
    facts = pl.concat(
        found.facts.select(
            pl.col("kind").alias("group"),
            pl.lit(fact).alias("name"),
            pl.col(fact).cast(pl.Float64).alias("value"),
            *[pl.col(HOW + fact).alias(HOW + "value")] * (HOW + fact in found.facts.columns),
            pl.lit(place).alias("place"),
        )
        for place, fact in enumerate(stated)
    )
    method = (
        Method(row["method"], row["output"], row["window_months"], row["splice"]) if "method" in row else ALL_MONTHS
    )
    says = SAYS.get(method, f"time dummy hedonics over windows of {method.window_months} months, spliced")
    return Basis(
        says=f"{says}, over the quotes: {found.quotes.height}",
        observed=pl.concat([quotes, facts.sort("group", "place").drop("place")]),
        again=again,
    )


def told_apart(data: Observations) -> Observations:
    """The observations with those characteristics alone that can be told apart in them."""
    dropped = collinear(data)
    return data.only([name for name in data.names if name not in dropped])


def levels(found: HedonicPanel, data: Observations, drawn: Matrix) -> Iterator[tuple[Method, Matrix]]:
    """Each method and its levels against the first month, (sample, month): clusters as often as `drawn` says."""
    data = told_apart(data)
    clusters = Moments.by_cluster(data)
    sample = clusters.drawn(drawn)
    whole = log_levels(sample, 0)
    yield ALL_MONTHS, np.exp(whole)
    yield BIAS, np.exp(whole) * _bias(data)
    yield ADJACENT, np.exp(adjacent(sample))
    if len(found.months) > found.window > 0:
        windows = windowed(sample, found.window)
        for splice in SPLICES:
            yield Method("tdh", "multilateral", found.window, splice), spliced(windows, splice)
    equal = dataclasses.replace(data, weight=np.ones_like(data.weight))
    yield QUOTES, np.exp(log_levels(Moments.by_cluster(equal).drawn(drawn), 0))
    if set(found.tiers) & set(data.names):
        bare = data.only([name for name in data.names if name not in found.tiers])
        yield NO_TIERS, np.exp(log_levels(Moments.by_cluster(bare).drawn(drawn), 0))
    if SIZE.name in data.names:
        bare = data.only([name for name in data.names if name != SIZE.name])
        yield NO_SIZE, np.exp(log_levels(Moments.by_cluster(bare).drawn(drawn), 0))
    if "recent" in found.quotes.columns:
        new = dataclasses.replace(data, weight=data.weight * found.quotes["recent"].to_numpy())
        yield RECENT, np.where(_enough(found), np.exp(log_levels(Moments.by_cluster(new).drawn(drawn), 0)), np.nan)
    if found.sells and clusters.weight.shape[0] > 1:
        yield SELLERS, np.exp(with_cluster_effects(clusters, drawn, 0))


def _rests_on(found: HedonicPanel, method: Method) -> NDArray[np.bool_]:
    """Which of the panel's quotes a method uses."""
    return found.quotes["recent"].to_numpy() if method == RECENT else np.ones(found.quotes.height, dtype=bool)


def _enough(found: HedonicPanel) -> NDArray[np.bool_]:
    """Months in which enough different models are new."""
    new = found.quotes.filter("recent").group_by("place").agg(pl.col("kind").n_unique())
    enough = np.zeros(len(found.months), dtype=bool)
    enough[new.filter(pl.col("kind") >= FEWEST_MODELS)["place"].to_numpy()] = True
    return enough


def _bias(data: Observations) -> Vector:
    """exp(-Var(delta_t)/2), by clusters where there are two; with one, as if errors were independent."""
    fit = time_dummy(data)
    return np.asarray(np.exp(-fit.variance(fit.clustered if fit.clusters > 1 else fit.robust) / 2.0))


def _once(data: Observations) -> Matrix:
    """Every cluster once: the sample itself."""
    return np.ones((1, int(data.cluster.max()) + 1))


def _index(made: Iterable[tuple[HedonicPanel, Observations]]) -> pl.DataFrame:
    parts = []
    for found, data in made:
        observed = found.quotes["observed"].to_numpy()
        for method, level in levels(found, data, _once(data)):
            rests_on = _rests_on(found, method)
            used = np.bincount(data.period[rests_on], minlength=len(found.months))
            seen = np.bincount(data.period[rests_on & observed], minlength=len(found.months))
            figures = {
                "period": np.array(found.months, dtype="datetime64[D]"),
                "index_level": level[0],
                "matched_items": used,
                "coverage_pct": 100.0 * used / np.maximum(found.listed, 1),
                "items_in_period": found.listed,
                "observed_items": seen,
            }
            rows = pl.DataFrame(figures).filter(pl.col("index_level").is_finite())
            parts.append(rows.select(pl.lit(found.segment).alias("segment"), *_key(method), pl.all()))
    return pl.concat(parts) if parts else pl.DataFrame()


def _deflation(made: Iterable[tuple[HedonicPanel, Observations]]) -> pl.DataFrame:
    rows = []
    for found, data in made:
        months = found.months
        if (months[-1] - months[0]).days < FEWEST_DAYS:
            continue
        units = int(data.cluster.max()) + 1
        drawn = [_once(data), *[draws(units)] * (units >= FEWEST_UNITS)]
        for method, level in levels(found, data, np.vstack(drawn)):
            defined = np.flatnonzero(np.isfinite(level[0]))
            if not defined.size or defined[0] > 0:
                continue
            last = int(defined[-1])
            span = (months[last] - months[0]).days
            if span < FEWEST_DAYS:
                continue
            rests_on = _rests_on(found, method)
            used = np.bincount(data.period[rests_on], minlength=len(months))
            low, high = interval(level[1:, last], span) if len(drawn) > 1 else (np.nan, np.nan)
            known = bool(np.isfinite(low))
            rows.append(
                {
                    "segment": found.segment,
                    **method._asdict(),
                    "annual_factor": annual_factor(1.0, float(level[0, last]), span),
                    "ci_low": low if known else None,
                    "ci_high": high if known else None,
                    "ci_basis": "bootstrap_units" if known else "none",
                    "n": int(rests_on.sum()),
                    "resampled_units": np.unique(data.cluster[rests_on]).size,
                    "months": defined.size,
                    "coverage_pct": float(np.mean(100.0 * used[defined] / found.listed[defined])),
                    "first_period": months[0],
                    "last_period": months[last],
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def _coefficients(made: Iterable[tuple[HedonicPanel, Observations]]) -> pl.DataFrame:
    rows = []
    for found, data in made:
        dropped = collinear(data)
        kept = told_apart(data)
        fit = time_dummy(kept)
        _, kind = np.unique(found.quotes["kind"].to_numpy().astype(str), return_inverse=True)
        by_kind = time_dummy(dataclasses.replace(kept, cluster=kind.reshape(-1)))
        common = {
            "segment": found.segment,
            "n": fit.observations,
            "sellers": fit.clusters,
            "kinds": by_kind.clusters,
            "months": int(np.isfinite(fit.log_level).sum()),
            "r2": fit.r2,
            "r2_within": fit.r2_within,
            "condition_number": fit.condition,
        }
        rows += [{**common, **figures, "left_out": None} for figures in _estimates(fit, by_kind)]
        rows += [{**common, "feature": name, "left_out": why} for name, why in dropped.items()]
    return pl.DataFrame(rows, infer_schema_length=None)


def _estimates(fit: Fit, by_kind: Fit) -> Iterator[dict[str, object]]:
    """A row per characteristic. Errors by clusters are null where there are too few clusters."""
    errors = {"std_error_robust": fit.std_error(fit.robust), "std_error_classical": fit.std_error(fit.classical)}
    for column, clustered in (("std_error", fit), ("std_error_by_kind", by_kind)):
        if clustered.clusters >= FEWEST_CLUSTERS:
            errors[column] = clustered.std_error(clustered.clustered)
    for k, name in enumerate(fit.names):
        stated = {column: float(error[k]) for column, error in errors.items()}
        yield {"feature": name, "coefficient": float(fit.coefficient[k]), **stated, "vif": float(fit.vif[k])}


def _key(method: Method) -> list[pl.Expr]:
    return [pl.lit(value).alias(name) for name, value in method._asdict().items()]
