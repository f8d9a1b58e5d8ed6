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

    `log_level` is delta_t - delta_base; `covariance` its companions and the coefficients', first periods, then
    characteristics, robust to clusters. `vif` are variance inflation factors, `condition` the condition number of the
    characteristics within periods, each scaled to length one (Belsley, Kuh and Welsch 1980: above 30 is trouble).
    """

    names: tuple[str, ...]
    log_level: Vector
    coefficient: Vector
    covariance: Matrix
    std_error_classical: Vector
    std_error_robust: Vector
    observations: int
    clusters: int
    r2: float
    r2_within: float
    vif: Vector
    condition: float

    @property
    def level(self) -> Vector:
        """The index exp(delta_t - delta_base)."""
        return np.asarray(np.exp(self.log_level))

    @property
    def variance(self) -> Vector:
        """Var(delta_t - delta_base), robust to clusters."""
        return np.asarray(np.diagonal(self.covariance)[: self.log_level.size])

    @property
    def corrected(self) -> Vector:
        """exp(delta_t - Var(delta_t)/2): the exponential of an estimate is biased upwards (Goldberger 1968)."""
        return np.asarray(np.exp(self.log_level - self.variance / 2.0))

    @property
    def std_error(self) -> Vector:
        """Of the coefficients, robust to heteroskedasticity and clusters."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance)[self.log_level.size :]))


def time_dummy(data: Observations, base: int = 0) -> Fit:
    """The regression over all periods, levels against the base period.

    Standard errors: classical; robust (HC1, MacKinnon and White 1985); by cluster (CR1, Liang and Zeger 1986, with
    the usual correction C/(C-1) (n-1)/(n-p)). Raises CollinearFeaturesError where characteristics cannot be told
    apart, ValueError where the base period is empty or there are no more observations than parameters.
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
    means_y, means_z = data.mean(data.log_price), data.mean(data.features)
    log_level = means_y - means_z @ beta
    present = np.isfinite(log_level)
    size, parameters = y.size, int(present.sum()) + len(data.names)
    if size <= parameters:
        raise ValueError(f"{size} observations for {parameters} parameters: nothing is left to judge them by")
    influence = _influence(data, base, means_z, inverse @ inverse.T, z)
    # Each row of `influence` times the errors is an estimate's own error: its variances follow from theirs.
    error = influence * residual
    clusters = int(data.cluster.max()) + 1
    by_cluster = np.stack([np.bincount(data.cluster, row, clusters) for row in np.nan_to_num(error)])
    covariance: Matrix = np.asarray(by_cluster @ by_cluster.T) * _small_sample(size, parameters, clusters)
    covariance[: data.periods][~present] = np.nan
    covariance[:, : data.periods][:, ~present] = np.nan
    squares = float(data.weight @ residual**2)
    classical = squares / (size - parameters) * (influence[data.periods :] ** 2 / data.weight).sum(axis=1)
    robust = size / (size - parameters) * (error[data.periods :] ** 2).sum(axis=1)
    centred = data.log_price - np.average(data.log_price, weights=data.weight)
    total, inside = float(data.weight @ centred**2), float(data.weight @ y**2)
    vif, condition = _collinearity(z * root[:, None])
    return Fit(
        names=data.names,
        log_level=log_level - log_level[base],
        coefficient=beta,
        covariance=covariance,
        std_error_classical=np.sqrt(classical),
        std_error_robust=np.sqrt(robust),
        observations=size,
        clusters=clusters,
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
    if unit.shape[1] == 0 or np.linalg.matrix_rank(unit, tol=TOLERANCE * np.sqrt(unit.shape[1])) == unit.shape[1]:
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


def _influence(data: Observations, base: int, means_z: Matrix, bread: Matrix, z: Matrix) -> Matrix:
    """Weight of each observation's error in each estimate: delta_t - delta_base by period, then beta. NaN: no period.

    beta - its truth = sum_i bread z_i w_i e_i; delta_t - delta_base moves by the period's own errors, less those of
    the base, less what the coefficients do to the difference of mean characteristics.
    """
    of_beta = bread @ z.T * data.weight
    total = np.bincount(data.period, data.weight, data.periods)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = (np.arange(data.periods)[:, None] == data.period) * data.weight / total[:, None]
    return np.vstack([own - own[base] - (means_z - means_z[base]) @ of_beta, of_beta])


def _small_sample(size: int, parameters: int, clusters: int) -> float:
    """CR1's factor; with one cluster the errors of all move together and nothing is known of their variance."""
    if clusters < 2:
        return float("nan")
    return clusters / (clusters - 1) * (size - 1) / (size - parameters)


def _collinearity(z: Matrix) -> tuple[Vector, float]:
    """Variance inflation factors and condition number of the columns scaled to length one."""
    if not z.shape[1]:
        return np.empty(0), 1.0
    unit = z / np.linalg.norm(z, axis=0)
    singular = np.linalg.svd(unit, compute_uv=False)
    return np.diagonal(np.linalg.inv(unit.T @ unit)).copy(), float(singular[0] / singular[-1])
