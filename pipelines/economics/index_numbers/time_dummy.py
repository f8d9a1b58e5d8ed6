"""The time-dummy hedonic index: quality held constant by the features of items, pooled over all periods.

Least squares of `ln p_it = delta_t + sum_k beta_k z_ik`, delta of the base 0, weighted as tpd.py does: the index is
exp(delta_t) (Court 1939, Griliches 1961; Triplett 2006, Handbook on Hedonic Indexes; CPI Manual 2020, ch. 10).
`exp(delta_t - Var(delta_t) / 2)` removes the bias of the exponential of an estimate (Kennedy 1981) and is shown as
sensitivity. Period effects are eliminated (Frisch and Waugh 1933): beta is fitted to what differs from the mean of its
period, and `Var(delta_t - delta_b) = sigma^2 (1/W_t + 1/W_b + d' G^-1 d)` with W the weight of a period, d the
difference of the periods' mean features, G the weighted squares of the features within periods and
`sigma^2 = sum w e^2 / (n - T - K)`.

Items need not return: any period with a priced item is compared through the features.

Not here: which features, and where they come from (hedonic.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.economics.index_numbers.panel import Matrix, Panel, Vector
from pipelines.economics.index_numbers.tpd import observation_weights

CONDITION = 1e10
"""Above this condition number of the scaled features, within periods, they are taken for collinear."""


@dataclass(frozen=True)
class TimeDummy:
    """A fitted time-dummy regression. Periods without a priced item are NaN.

    `log_level` is delta against the base, `variance` its variance (NaN where no degree of freedom is left), `beta` one
    coefficient per feature in log points per unit of it, with `beta_error` their standard errors; `r_squared` is within
    periods: the share of the weighted squares about the mean of the period that features explain.
    """

    log_level: Vector
    variance: Vector
    beta: Vector
    beta_error: Vector
    observations: int
    degrees_of_freedom: int
    r_squared: float

    @property
    def level(self) -> Vector:
        """exp(delta)."""
        return np.asarray(np.exp(self.log_level))

    @property
    def corrected_level(self) -> Vector:
        """exp(delta - Var(delta) / 2)."""
        return np.asarray(np.exp(self.log_level - self.variance / 2))


def design(columns: Matrix) -> Matrix:
    """Features as the regression takes them: quantities (all positive) in logs, dummies (0 or 1 alone) as they are.

    Raises ValueError on a column that is neither, or has an unknown value.
    """
    columns = np.asarray(columns, dtype=float)
    if not np.isfinite(columns).all():
        raise ValueError("a feature has an unknown value: leave out the item or the feature")
    made = columns.copy()
    for k in range(columns.shape[1]):
        column = columns[:, k]
        if np.isin(column, (0.0, 1.0)).all():
            continue
        if not (column > 0).all():
            raise ValueError(
                f"feature {k} is no dummy (0 or 1) and has values of zero or below, which have no logarithm"
            )
        made[:, k] = np.log(column)
    return made


def time_dummy(panel: Panel, features: Matrix, weights: str = "none", base: int = 0) -> TimeDummy:
    """The regression over the panel; `features` is items by features, as `design` makes them.

    Raises ValueError where shapes do not fit, a feature is unknown, features cannot be told from one another or from
    the periods, or weights ask for quantities that are not there.
    """
    weight = observation_weights(panel, weights, "tdh")
    features = np.asarray(features, dtype=float)
    if features.ndim != 2 or features.shape[0] != panel.log_price.shape[0]:
        raise ValueError(f"features are items by features: {panel.log_price.shape[0]} rows, not {features.shape}")
    if not np.isfinite(features).all():
        raise ValueError("a feature has an unknown value: leave out the item or the feature")
    base = base % panel.periods
    scale = np.abs(features).max(axis=0, initial=0.0)
    scaled = features / np.where(scale > 0, scale, 1.0)
    of_period = weight.sum(axis=0)
    priced = of_period > 0
    divisor = np.where(priced, of_period, 1.0)
    mean_feature = (weight.T @ scaled) / divisor[:, None]
    mean_log = (weight * panel.log_price).sum(axis=0) / divisor
    within = (scaled.T * weight.sum(axis=1)) @ scaled - (mean_feature.T * of_period) @ mean_feature
    cross = scaled.T @ (weight * panel.log_price).sum(axis=1) - mean_feature.T @ (of_period * mean_log)
    if features.shape[1] and np.linalg.cond(within) > CONDITION:
        raise ValueError("features cannot be told apart from one another or from the periods: leave some out")
    inverse = np.linalg.inv(within)
    beta = inverse @ cross
    delta = np.where(priced, mean_log - mean_feature @ beta, np.nan)
    residual = (panel.log_price - np.where(priced, delta, 0.0) - (scaled @ beta)[:, None]) * (weight > 0)
    observations = int((weight > 0).sum())
    freedom = observations - int(priced.sum()) - features.shape[1]
    squares = float((weight * residual**2).sum())
    sigma2 = squares / freedom if freedom > 0 else float("nan")
    total = float((weight * (panel.log_price - mean_log) ** 2).sum())
    apart = mean_feature - mean_feature[base]
    variance = sigma2 * (1 / divisor + 1 / divisor[base] + np.einsum("tk,kl,tl->t", apart, inverse, apart))
    variance = np.where(priced & priced[base], variance, np.nan)
    variance[base] = 0.0 if priced[base] else np.nan
    unscale = np.where(scale > 0, scale, 1.0)
    return TimeDummy(
        log_level=delta - delta[base],
        variance=variance,
        beta=beta / unscale,
        beta_error=np.sqrt(sigma2 * np.diag(inverse)) / unscale,
        observations=observations,
        degrees_of_freedom=freedom,
        r_squared=1 - squares / total if total > 0 else float("nan"),
    )
