"""The capability frontier: the lowest price at which a model of a given score could be had, and how fast it falls.

Epoch AI's published rule (data insight "LLM inference prices have fallen rapidly but unequally across tasks", 2025):
of the models that score at or above a threshold, the running minimum of price by release date; through its points,
four or more, a least squares line of log10(price) on date; yearly factor 10^(-365 slope), with a 90% interval by
Student's t. That interval takes the points for independent draws, which a running minimum's are not: it stands beside
one by bootstrap over models that builds the frontier anew each time, and beside what dropping one point does.

Not here: where scores and prices come from, the second estimator (logit_rule.py), tables.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipelines.economics.index_numbers.deflation import DAYS_PER_YEAR, FEWEST_UNITS
from pipelines.economics.index_numbers.resampling import draws, ends
from pipelines.economics.index_numbers.student import t_two_sided

Mask = NDArray[np.bool_]
Vector = NDArray[np.float64]

FEWEST_POINTS = 4
"""The study fits no line through fewer points."""

FEWEST_POINTS_RESAMPLED = 3
"""A resample holds about two models of three, so its frontier is shorter. A line through two points has no residual
and, where they lie days apart, no meaning; three is the least that is a fit."""

CONFIDENCE = 0.90


@dataclass(frozen=True)
class Candidates:
    """Models that could be bought, one row per model and price it was offered at, sorted by day and then by price.

    `day` is a day number (days since any fixed day), `price` in any one currency and unit, positive; `score` in the
    benchmark's own unit.
    """

    model: NDArray[np.str_]
    day: NDArray[np.int64]
    price: Vector
    score: Vector

    @classmethod
    def of(cls, model: ArrayLike, day: ArrayLike, price: ArrayLike, score: ArrayLike) -> Candidates:
        """In any order; dates become days since 1970. Raises ValueError on a price that is not positive and finite."""
        names, days = np.asarray(model, dtype=str), np.asarray(day)
        prices, scores = np.asarray(price, dtype=float), np.asarray(score, dtype=float)
        if not (np.isfinite(prices) & (prices > 0)).all():
            raise ValueError("prices on a frontier are positive and finite")
        days = days.astype("datetime64[D]" if days.dtype.kind == "M" else np.int64).astype(np.int64)
        # The name last, so that the order never hangs on the order of the input.
        order = np.lexsort((names, prices, days))
        return cls(names[order], days[order], prices[order], scores[order])

    def reaching(self, threshold: float, ceiling: float | None = None, without: Collection[str] = ()) -> Mask:
        """Which rows score at or above the threshold, below the ceiling where there is one, and are not left out."""
        reached = self.score >= threshold
        if ceiling is not None:
            reached &= self.score < ceiling
        return np.asarray(reached & ~np.isin(self.model, list(without)))

    def only(self, kept: Mask) -> Candidates:
        """Those rows alone."""
        return Candidates(self.model[kept], self.day[kept], self.price[kept], self.score[kept])

    def units(self) -> NDArray[np.intp]:
        """The number of each row's model: what is drawn together, since a price cut is no second model."""
        return np.unique(self.model, return_inverse=True)[1].reshape(-1)


class Line(NamedTuple):
    """Least squares lines through points: each an array over the leading axes of the masks that chose the points."""

    slope: Vector
    standard_error: Vector
    r_squared: Vector
    n: NDArray[np.int64]


@dataclass(frozen=True)
class Trend:
    """A yearly factor (times cheaper a year, above 1 is falling) and what it rests on.

    `points` are the places of the frontier among the candidates. `t_low`, `t_high`: the published t-interval.
    `drop_low`, `drop_high`: smallest and largest factor with one point left out of the line. `ci_low`, `ci_high`: 5%
    and 95% quantile over the resamples whose frontier has enough points, NaN where those are too few; `resampled_pct`
    is their share.
    """

    points: NDArray[np.intp]
    factor: float
    t_low: float
    t_high: float
    r_squared: float
    n: int
    span_days: int
    drop_low: float
    drop_high: float
    ci_low: float
    ci_high: float
    resampled_pct: float


def lowest(price: Vector, present: Mask) -> Mask:
    """Which rows lower the running minimum, in the order they stand: by day, the cheapest first where days tie.

    `present` may have leading axes, one frontier each: (..., row) to (..., row). An equal price is no new minimum.
    """
    offered = np.where(present, price, np.inf)
    before = np.minimum.accumulate(offered, axis=-1)
    before = np.concatenate([np.full((*offered.shape[:-1], 1), np.inf), before[..., :-1]], axis=-1)
    return np.asarray(offered < before)


def line(day: NDArray[np.int64], log_price: Vector, points: Mask) -> Line:
    """OLS of log price on day through the points of each mask; NaN where the points span no time.

    The standard error has n - 2 degrees of freedom, NaN for two points.
    """
    n = points.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        x = np.where(points, day - (points @ day.astype(float) / n)[..., None], 0.0)
        y = np.where(points, log_price - (points @ log_price / n)[..., None], 0.0)
        sxx, sxy, syy = (x * x).sum(axis=-1), (x * y).sum(axis=-1), (y * y).sum(axis=-1)
        slope = sxy / sxx
        residual = ((y - slope[..., None] * x) ** 2).sum(axis=-1)
        error = np.sqrt(residual / np.where(n > 2, n - 2, np.nan) / sxx)
        return Line(slope, error, 1.0 - residual / syy, n)


def yearly(slope: Vector | np.float64) -> Vector:
    """10^(-365 slope): how many times cheaper a year makes it."""
    with np.errstate(over="ignore"):
        return np.asarray(10.0 ** (-DAYS_PER_YEAR * slope))


def running_minimum_factor(candidates: Candidates) -> float | None:
    """The factor of the published rule alone; None under four points."""
    frontier = lowest(candidates.price, np.ones(candidates.price.size, dtype=bool))
    if frontier.sum() < FEWEST_POINTS:
        return None
    return float(yearly(line(candidates.day, np.log10(candidates.price), frontier).slope))


def epoch_rule(candidates: Candidates) -> Trend | None:
    """The published rule over candidates that already reach the threshold; None under four points."""
    log_price = np.log10(candidates.price)
    everyone = np.ones(candidates.price.size, dtype=bool)
    frontier = lowest(candidates.price, everyone)
    points = np.flatnonzero(frontier)
    if points.size < FEWEST_POINTS:
        return None
    fit = line(candidates.day, log_price, frontier)
    reach = t_two_sided(CONFIDENCE, points.size - 2) * float(fit.standard_error)
    own = np.ones((points.size, candidates.price.size), dtype=bool)
    own[np.arange(points.size), points] = False
    dropped = yearly(line(candidates.day, log_price, frontier & own).slope)
    low, high, share = _resampled(candidates, log_price)
    slope = float(fit.slope)
    return Trend(
        points=points,
        factor=float(yearly(np.float64(slope))),
        t_low=float(yearly(np.float64(slope + reach))),
        t_high=float(yearly(np.float64(slope - reach))),
        r_squared=float(fit.r_squared),
        n=points.size,
        span_days=int(candidates.day[points[-1]] - candidates.day[points[0]]),
        drop_low=float(dropped.min()),
        drop_high=float(dropped.max()),
        ci_low=low,
        ci_high=high,
        resampled_pct=share,
    )


def _resampled(candidates: Candidates, log_price: Vector) -> tuple[float, float, float]:
    """Interval and share of resamples with a factor, the frontier of every resample built anew.

    NaN under five models. Resampling with replacement is not consistent for a minimum (Bickel and Freedman 1981):
    models that set it are missing from a third of the resamples and nothing lower stands in for them. Read the
    interval as what the factor owes to single models, which errs towards wide, not as its sampling distribution.
    """
    units = candidates.units()
    models = int(units.max()) + 1
    if models < FEWEST_UNITS:
        return float("nan"), float("nan"), 0.0
    drawn = draws(models)
    again = line(candidates.day, log_price, lowest(candidates.price, drawn[:, units] > 0))
    return ends(yearly(again.slope[again.n >= FEWEST_POINTS_RESAMPLED]), drawn.shape[0])
