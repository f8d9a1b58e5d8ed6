"""The time dummy hedonic index: what a period costs once the characteristics of what is sold are held fixed.

    ln p_it = delta_t + sum_k beta_k z_ik + e_it

by (weighted) least squares over all observations of all periods; the index is exp(delta_t - delta_base). Quantities
enter as logarithms, what is or is not so as 0 or 1: the caller sees to that. CPI Manual (2020) 10.66 ff.; Triplett,
Handbook on Hedonic Indexes (OECD 2004), chapter 3; de Haan, "Hedonic Price Indexes" (2010).

The periods are taken out first (Frisch and Waugh 1933, Lovell 1963): beta comes from deviations from the means of a
period, delta from those means. So a period costs nothing but its mean, and rank is asked of the characteristics alone.

Not here: rolling windows and bootstrap (hedonic_moments.py), prices without characteristics (multilateral.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.economics.index_numbers.panel import Matrix, Vector

TOLERANCE = 1e-8  # a characteristic that others explain to this share of its own variation is a combination of them


class CollinearFeaturesError(ValueError):
    """Characteristics that cannot be told apart in these data; the message names which, and of what they are made."""


@dataclass(frozen=True)
class Observations:
    """Prices one by one: log price, number of the period, characteristics, weight, number of the cluster.

    A cluster is who sets prices together (a seller, a model): its errors are not independent.
    """

    log_price: Vector
    period: NDArray[np.intp]
    features: Matrix
    names: tuple[str, ...]
    weight: Vector
    cluster: NDArray[np.intp]
    periods: int

    @classmethod
    def of(
        cls,
        price: Vector,
        period: NDArray[np.intp],
        features: Matrix,
        names: Sequence[str],
        *,
        weight: Vector | None = None,
        cluster: NDArray[np.intp] | None = None,
        periods: int | None = None,
    ) -> Observations:
        """Checked. `features` is observations by characteristics; without clusters each observation is its own.

        Raises ValueError on prices not positive and finite, characteristics not finite, negative weights, and on
        shapes that do not fit. Weights of zero leave an observation out.
        """
        price, features = np.asarray(price, dtype=float), np.asarray(features, dtype=float)
        size = price.size
        weight = np.ones(size) if weight is None else np.asarray(weight, dtype=float)
        cluster = np.arange(size) if cluster is None else np.asarray(cluster)
        if features.shape != (size, len(names)) or not size == weight.size == cluster.size == len(period):
            raise ValueError("prices, periods, weights, clusters and rows of characteristics are one to one")
        if not (np.isfinite(price) & (price > 0)).all():
            raise ValueError("prices are positive and finite; leave the others out and count them")
        if not np.isfinite(features).all():
            raise ValueError("characteristics are finite; an item without them cannot be in the regression")
        if not (np.isfinite(weight) & (weight >= 0)).all() or not (weight > 0).any():
            raise ValueError("weights are finite, none negative, some positive")
        kept = weight > 0
        number = int(np.max(period)) + 1 if periods is None else periods
        return cls(
            np.log(price[kept]),
            np.asarray(period, dtype=np.intp)[kept],
            features[kept],
            tuple(names),
            weight[kept],
            np.unique(cluster[kept], return_inverse=True)[1].reshape(-1).astype(np.intp),
            number,
        )

    def only(self, names: Sequence[str]) -> Observations:
        """The same observations with some of their characteristics."""
        kept = [self.names.index(name) for name in names]
        return Observations(
            self.log_price, self.period, self.features[:, kept], tuple(names), self.weight, self.cluster, self.periods
        )

    def mean(self, values: Matrix) -> Matrix:
        """Weighted mean of the values in each period, (periods, ...); NaN in a period without observations."""
        total = np.bincount(self.period, self.weight, self.periods)
        sums = np.zeros((self.periods, *values.shape[1:]))
        np.add.at(sums, self.period, (self.weight * values.T).T)
        with np.errstate(invalid="ignore"):
            return np.asarray((sums.T / total).T)

    def within(self, values: Matrix) -> Matrix:
        """The values less the mean of their period."""
        return np.asarray(values - self.mean(values)[self.period])


@dataclass(frozen=True)
class Fit:
    """What a time dummy regression found. Vectors over periods hold NaN where a period has no observation.

    `log_level` is delta_t - delta_base. The covariances are of those and of the coefficients, first periods, then
    characteristics: `classical` where errors are alike and independent, `robust` where their spread differs (HC1,
    MacKinnon and White 1985), `clustered` where those of one cluster move together (CR1, Liang and Zeger 1986, with
    the usual correction C/(C-1) (n-1)/(n-p); NaN with one cluster, whose errors say nothing of one another). `vif` are
    variance inflation factors, `condition` the condition number of the characteristics within periods, each scaled to
    length one (Belsley, Kuh and Welsch 1980: above 30 is trouble). `r2` is of log prices about their mean, `r2_within`
    about the mean of their period.
    """

    names: tuple[str, ...]
    log_level: Vector
    coefficient: Vector
    classical: Matrix
    robust: Matrix
    clustered: Matrix
    observations: int
    clusters: int
    degrees_of_freedom: int
    r2: float
    r2_within: float
    vif: Vector
    condition: float

    @property
    def level(self) -> Vector:
        """The index exp(delta_t - delta_base)."""
        return np.asarray(np.exp(self.log_level))

    def variance(self, covariance: Matrix) -> Vector:
        """Var(delta_t - delta_base) by one of the covariances."""
        return np.diagonal(covariance)[: self.log_level.size].copy()

    def std_error(self, covariance: Matrix) -> Vector:
        """Standard errors of the coefficients by one of the covariances."""
        return np.asarray(np.sqrt(np.diagonal(covariance)[self.log_level.size :]))

    def corrected(self, covariance: Matrix) -> Vector:
        """exp(delta_t - Var(delta_t)/2): the exponential of an estimate is biased upwards (Goldberger 1968)."""
        return np.asarray(np.exp(self.log_level - self.variance(covariance) / 2.0))


def time_dummy(data: Observations, base: int = 0) -> Fit:
    """The regression over all periods, levels against the base period.

    Raises CollinearFeaturesError where characteristics cannot be told apart, ValueError where the base period is empty
    or there are no more observations than parameters.
    """
    if not (data.period == base).any():
        raise ValueError(f"no observation in the base period {base}")
    named = collinear(data)
    if named:
        raise CollinearFeaturesError("; ".join(f"{name} is {of}" for name, of in named.items()))
    root = np.sqrt(data.weight)
    z, y = data.within(data.features), data.within(data.log_price)
    q, r = np.linalg.qr(z * root[:, None])
    inverse = np.linalg.inv(r) if r.size else r
    beta = inverse @ (q.T @ (y * root))
    residual = y - z @ beta
    means_z = data.mean(data.features)
    log_level = data.mean(data.log_price) - means_z @ beta
    present = np.isfinite(log_level)
    size, parameters = y.size, int(present.sum()) + len(data.names)
    if size <= parameters:
        raise ValueError(f"{size} observations for {parameters} parameters: nothing is left to judge them by")
    squares = float(data.weight @ residual**2)
    clusters = int(data.cluster.max()) + 1
    turn = _estimates_from_scores(data, base, means_z, inverse @ inverse.T)
    alike = _summed_squares(data, z, np.sqrt(data.weight)) * squares / (size - parameters)
    spread = _summed_squares(data, z, data.weight * residual) * size / (size - parameters)
    together = (
        _cluster_squares(data, z, data.weight * residual) if clusters < size else spread * (1 - parameters / size)
    )
    small = clusters / (clusters - 1) * (size - 1) / (size - parameters) if clusters > 1 else float("nan")
    centred = data.log_price - np.average(data.log_price, weights=data.weight)
    total, inside = float(data.weight @ centred**2), float(data.weight @ y**2)
    vif, condition = _collinearity(z * root[:, None])
    return Fit(
        names=data.names,
        log_level=log_level - log_level[base],
        coefficient=beta,
        classical=turn @ alike @ turn.T,
        robust=turn @ spread @ turn.T,
        clustered=turn @ together @ turn.T * small,
        observations=size,
        clusters=clusters,
        degrees_of_freedom=size - parameters,
        r2=1.0 - squares / total if total > 0 else float("nan"),
        r2_within=1.0 - squares / inside if inside > 0 else float("nan"),
        vif=vif,
        condition=condition,
    )


def collinear(data: Observations) -> dict[str, str]:
    """Characteristics that add nothing to those before them within periods: name, and what they are made of.

    Empty where all can be told apart. A characteristic that is the same for all observations of each period is made
    of the period dummies.
    """
    z = data.within(data.features) * np.sqrt(data.weight)[:, None]
    scale = np.linalg.norm(data.features * np.sqrt(data.weight)[:, None], axis=0)
    length = np.linalg.norm(z, axis=0)
    flat = length <= TOLERANCE * scale
    unit = z[:, ~flat] / length[~flat]
    found = {data.names[k]: "the same throughout each period" for k in np.flatnonzero(flat)}
    if unit.shape[1] == 0 or _singular(unit)[-1] > TOLERANCE:
        return found
    names = [data.names[k] for k in np.flatnonzero(~flat)]
    kept: list[int] = []
    for k, name in enumerate(names):
        if kept:
            share = np.linalg.lstsq(unit[:, kept], unit[:, k], rcond=None)[0]
            if np.linalg.norm(unit[:, k] - unit[:, kept] @ share) <= TOLERANCE:
                made = [names[j] for j, part in zip(kept, share, strict=True) if abs(part) > np.sqrt(TOLERANCE)]
                found[name] = f"made of {', '.join(made)}"
                continue
        kept.append(k)
    return found


def _estimates_from_scores(data: Observations, base: int, means_z: Matrix, bread: Matrix) -> Matrix:
    """What turns sums of weighted errors, by period and against characteristics within periods, into estimates' errors.

    The mean log price of a period moves by the period's own errors over its weight, beta by bread times the sums
    against characteristics, delta_t by the first less its mean characteristics times the second. NaN: empty period.
    """
    total = np.bincount(data.period, data.weight, data.periods)
    means = np.diag(1.0 / np.where(total > 0, total, 1.0))
    empty = np.where(total > 0, 0.0, np.nan)[:, None]
    away = means_z - means_z[base]
    upper = np.hstack([means - means[base] + empty, -away @ bread])
    lower = np.hstack([np.zeros((len(data.names), data.periods)), bread])
    return np.vstack([upper, lower])


def _summed_squares(data: Observations, z: Matrix, score: Vector) -> Matrix:
    """Sum over observations of squared scores times the products of their columns (period dummy, characteristics)."""
    square = score**2
    corner = np.zeros((data.periods, z.shape[1]))
    np.add.at(corner, data.period, square[:, None] * z)
    own = np.diag(np.bincount(data.period, square, data.periods))
    return np.block([[own, corner], [corner.T, (z.T * square) @ z]])


def _cluster_squares(data: Observations, z: Matrix, score: Vector) -> Matrix:
    """The same with scores first summed within each cluster."""
    clusters = int(data.cluster.max()) + 1
    sums = np.zeros((clusters, data.periods + z.shape[1]))
    np.add.at(sums, (data.cluster, data.period), score)
    np.add.at(sums[:, data.periods :], data.cluster, score[:, None] * z)
    return np.asarray(sums.T @ sums)


def _collinearity(z: Matrix) -> tuple[Vector, float]:
    """Variance inflation factors and condition number of the columns scaled to length one."""
    if not z.shape[1]:
        return np.empty(0), 1.0
    unit = z / np.linalg.norm(z, axis=0)
    singular = _singular(unit)
    return np.diagonal(np.linalg.inv(unit.T @ unit)).copy(), float(singular[0] / singular[-1])


def _singular(columns: Matrix) -> Vector:
    """Singular values, of the small triangle that many rows come down to; 0 where there are fewer rows than columns."""
    if columns.shape[0] < columns.shape[1]:
        return np.zeros(columns.shape[1])
    return np.asarray(np.linalg.svd(np.linalg.qr(columns, mode="r"), compute_uv=False))
