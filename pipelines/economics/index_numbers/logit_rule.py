"""The second estimator of the capability frontier: price on time and on the log odds of the score, over all models.

`ln price = c + a t + b logit(score)`, t in years; yearly factor exp(-a): how many times cheaper a year makes the same
score. It is a hedonic regression with one characteristic (CPI Manual 2020, 8.74): every model counts, not those on
the frontier alone, so it measures the middle of the market where Epoch's rule (frontier.py) measures its edge.

A percentage has log odds ln(s / (100 - s)); an Elo rating is log odds already, 400 points to a factor of ten (Elo
1978), so it counts as rating * ln(10) / 400. Not here: other characteristics (hedonic.py), tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.economics.index_numbers.deflation import DAYS_PER_YEAR
from pipelines.economics.index_numbers.frontier import CONFIDENCE, Candidates, Vector
from pipelines.economics.index_numbers.resampling import draws, ends
from pipelines.economics.index_numbers.student import t_two_sided

FEWEST_MODELS = 6
"""Three coefficients want at least as many models again that they could miss."""

LEAST_DETERMINED = 1e-8
"""Determinant of the normal equations over the product of their diagonal: 1 where the regressors of a resample are
uncorrelated, 0 where they are one. Below it the resample holds nearly one day or one score, and its coefficients are
rounding."""


@dataclass(frozen=True)
class LogitTrend:
    """The yearly factor and what it rests on; `elasticity` is b, the price of one unit of log odds in logs.

    `t_low`, `t_high`: 90% by Student's t with n - 3 degrees of freedom. `drop_low`, `drop_high`: smallest and largest
    factor with one model left out. `ci_low`, `ci_high`, `resampled_pct` as in frontier.Trend.
    """

    factor: float
    t_low: float
    t_high: float
    elasticity: float
    r_squared: float
    n: int
    span_days: int
    drop_low: float
    drop_high: float
    ci_low: float
    ci_high: float
    resampled_pct: float


def log_odds(score: Vector, score_unit: str) -> Vector:
    """Log odds of a score in `pct` or `elo`. Infinite at 0 and 100 percent. Raises ValueError on another unit."""
    if score_unit == "pct":
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(score) - np.log(100.0 - score))
    if score_unit == "elo":
        return np.asarray(score * np.log(10.0) / 400.0)
    raise ValueError(f"no log odds of a score in {score_unit}: pct or elo")


def fits(design: NDArray[np.float64], log_price: Vector, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted least squares for every row of weights: (fit, row) to (fit, coefficient), NaN where undetermined."""
    width = design.shape[1]
    normal = (weight @ (design[:, :, None] * design[:, None, :]).reshape(-1, width**2)).reshape(-1, width, width)
    pull = weight @ (design * log_price[:, None])
    diagonal = np.diagonal(normal, axis1=1, axis2=2).prod(axis=1)
    determined = np.linalg.det(normal) > LEAST_DETERMINED * diagonal
    made = np.full(pull.shape, np.nan)
    if determined.any():
        made[determined] = np.linalg.solve(normal[determined], pull[determined, :, None])[..., 0]
    return made


def logit_rule(candidates: Candidates, score_unit: str) -> LogitTrend | None:
    """The rule over all candidates with finite log odds; None under six models or where nothing tells a from b."""
    odds = log_odds(candidates.score, score_unit)
    usable = np.isfinite(odds)
    candidates, odds = candidates.only(usable), odds[usable]
    units = candidates.units()
    models = int(units.max()) + 1 if units.size else 0
    if models < FEWEST_MODELS or np.ptp(candidates.day) == 0 or np.ptp(odds) == 0:
        return None
    spread_days, spread_odds = float(candidates.day.std()), float(odds.std())
    design = np.column_stack(
        [
            np.ones(odds.size),
            (candidates.day - candidates.day.mean()) / spread_days,
            (odds - odds.mean()) / spread_odds,
        ]
    )
    log_price = np.log(candidates.price)
    everyone = np.ones((1, odds.size))
    beta = fits(design, log_price, everyone)[0]
    if np.isnan(beta).any():
        return None
    residual = log_price - design @ beta
    free = odds.size - design.shape[1]
    variance = float(residual @ residual) / free * np.linalg.inv(design.T @ design)
    per_year = DAYS_PER_YEAR / spread_days
    reach = t_two_sided(CONFIDENCE, free) * float(np.sqrt(variance[1, 1]))
    without = (units[None, :] != np.arange(models)[:, None]).astype(float)
    dropped = np.exp(-fits(design, log_price, without)[:, 1] * per_year)
    drawn = draws(models)
    again = fits(design, log_price, drawn[:, units].astype(float))[:, 1]
    with np.errstate(over="ignore"):
        low, high, share = ends(np.exp(-again * per_year), drawn.shape[0])
    centred = log_price - log_price.mean()
    return LogitTrend(
        factor=float(np.exp(-beta[1] * per_year)),
        t_low=float(np.exp(-(beta[1] + reach) * per_year)),
        t_high=float(np.exp(-(beta[1] - reach) * per_year)),
        elasticity=float(beta[2] / spread_odds),
        r_squared=1.0 - float(residual @ residual) / float(centred @ centred),
        n=models,
        span_days=int(np.ptp(candidates.day)),
        drop_low=float(np.nanmin(dropped)),
        drop_high=float(np.nanmax(dropped)),
        ci_low=low,
        ci_high=high,
        resampled_pct=share,
    )
