"""Time dummy hedonics many times over: windows of periods, pairs of periods, and bootstrap samples of clusters.

A regression needs its data only through sums of weights, products and cross-products. Kept by cluster and period
they are small, and add up: a window is a sum over periods, a bootstrap sample a weighted sum over clusters, and each
then costs one solve of as many equations as there are characteristics. Nothing loops over observations or samples.

A sample may lack what tells characteristics apart: the pseudo-inverse then serves, and a period is NaN where its
level would depend on what cannot be told apart.

Not here: the regression with its standard errors (hedonic.py), splices (windows.py), intervals (deflation.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.economics.index_numbers.deflation import REPLICATES, SEED
from pipelines.economics.index_numbers.hedonic import Observations
from pipelines.economics.index_numbers.panel import Matrix

RANK = 1e-9  # eigenvalues below this share of the largest are zero: characteristics are scaled to variance one


@dataclass(frozen=True)
class Moments:
    """Sums of weight w, w y, w z, w z z' and w z y by period, any leading axes (cluster, sample, window) before it.

    Prices and characteristics are first centred over all observations and characteristics scaled: levels do not feel
    it, and the sums lose fewer digits.
    """

    weight: Matrix
    price: Matrix
    features: Matrix
    squares: Matrix
    products: Matrix

    @classmethod
    def by_cluster(cls, data: Observations) -> Moments:
        """(cluster, period, ...)."""
        clusters = int(data.cluster.max()) + 1
        y = data.log_price - np.average(data.log_price, weights=data.weight)
        z = data.features - np.average(data.features, axis=0, weights=data.weight)
        spread = np.sqrt(np.average(z**2, axis=0, weights=data.weight))
        z = z / np.where(spread > 0, spread, 1.0)
        features = z.shape[1]
        rows = np.concatenate(
            [np.ones((y.size, 1)), y[:, None], z, (z[:, :, None] * z[:, None, :]).reshape(y.size, -1), z * y[:, None]],
            axis=1,
        )
        place = data.cluster * data.periods + data.period
        order = np.argsort(place, kind="stable")
        cells, starts = np.unique(place[order], return_index=True)
        sums = np.zeros((clusters * data.periods, rows.shape[1]))
        sums[cells] = np.add.reduceat((rows * data.weight[:, None])[order], starts, axis=0)
        shape = (clusters, data.periods)
        last = 2 + features + features * features
        return cls(
            sums[:, 0].reshape(shape),
            sums[:, 1].reshape(shape),
            sums[:, 2 : 2 + features].reshape(*shape, features),
            sums[:, 2 + features : last].reshape(*shape, features, features),
            sums[:, last:].reshape(*shape, features),
        )

    def drawn(self, draws: Matrix) -> Moments:
        """Sums over the first axis weighted by each row of draws: (sample, cluster) gives (sample, period, ...)."""
        return Moments(*(np.asarray(np.tensordot(draws, part, axes=1), dtype=float) for part in self._parts()))

    def total(self) -> Moments:
        """Sums over the first axis: all clusters."""
        return Moments(*(part.sum(axis=0) for part in self._parts()))

    def window(self, first: int, width: int) -> Moments:
        """The periods first ... first + width - 1 alone. The period is the last axis of `weight`."""
        index = (slice(None),) * (self.weight.ndim - 1) + (slice(first, first + width),)
        return Moments(*(part[index] for part in self._parts()))

    def _parts(self) -> tuple[Matrix, Matrix, Matrix, Matrix, Matrix]:
        return self.weight, self.price, self.features, self.squares, self.products


def draws(clusters: int) -> Matrix:
    """How often each bootstrap sample holds each cluster, (sample, cluster): drawn with replacement, fixed seed."""
    generator = np.random.default_rng(SEED)
    drawn = generator.multinomial(clusters, np.full(clusters, 1.0 / clusters), size=REPLICATES)
    return drawn.astype(np.float64)


@dataclass(frozen=True)
class Within:
    """What each period says by itself: mean log price, mean characteristics, and their products about those means.

    (..., period, ...); means are NaN in a period without observations. Products of any periods add up to the
    regression over them (Frisch and Waugh 1933).
    """

    price: Matrix
    features: Matrix
    squares: Matrix
    products: Matrix

    @classmethod
    def of(cls, moments: Moments) -> Within:
        """From sums."""
        share = 1.0 / np.where(moments.weight > 0, moments.weight, np.nan)
        features, price = moments.features * share[..., None], moments.price * share
        known = np.nan_to_num(features)
        return cls(
            price,
            features,
            moments.squares - moments.features[..., :, None] * known[..., None, :],
            moments.products - moments.features * np.nan_to_num(price)[..., None],
        )

    def levels(self, squares: Matrix, products: Matrix, periods: slice | list[int], base: int) -> Matrix:
        """delta_t - delta_base over the periods, with coefficients from sums of products: (..., period)."""
        inverse, known = _pseudo_inverse(squares)
        beta = inverse @ products[..., None]
        price, features = self.price[..., periods], self.features[..., periods, :]
        away = features - features[..., [base], :]
        log_level = price - price[..., [base]] - (away @ beta)[..., 0]
        # The part of the difference of characteristics that the data cannot price.
        unknown = np.abs(np.nan_to_num(away - away @ known)).max(axis=-1, initial=0.0)
        return np.where(unknown < np.sqrt(RANK), log_level, np.nan)


def log_levels(moments: Moments, base: int) -> Matrix:
    """delta_t - delta_base of each regression, (..., period). NaN where a period is empty or cannot be told apart."""
    within = Within.of(moments)
    return within.levels(within.squares.sum(axis=-3), within.products.sum(axis=-2), slice(None), base)


def windowed(moments: Moments, width: int, base: int = -1) -> Matrix:
    """Log levels of every window: (..., window end, period in window), against its last period as windows.py has it.

    Raises ValueError unless 2 <= width <= periods.
    """
    periods = moments.weight.shape[-1]
    if not 2 <= width <= periods:
        raise ValueError(f"a window of {width} periods over {periods}: it must hold 2 of them, and not more than all")
    within = Within.of(moments)
    ends = []
    for first in range(periods - width + 1):
        inside = slice(first, first + width)
        squares = within.squares[..., inside, :, :].sum(axis=-3)
        ends.append(within.levels(squares, within.products[..., inside, :].sum(axis=-2), inside, base))
    return np.stack(ends, axis=-2)


def adjacent(moments: Moments) -> Matrix:
    """Log levels chained from regressions over a period and the nearest earlier one that connects: (..., period).

    The coefficients are those of the two periods alone, so prices of characteristics may change; the first period is
    the base, and NaN is a period that no earlier one connects (Triplett 2004, chapter 3, "adjacent period").
    """
    within = Within.of(moments)
    level = np.full(moments.weight.shape, np.nan)
    level[..., 0] = np.where(moments.weight[..., 0] > 0, 0.0, np.nan)
    for t in range(1, moments.weight.shape[-1]):
        for s in range(t - 1, -1, -1):
            missing = np.isnan(level[..., t]) & (moments.weight[..., t] > 0)
            if not missing.any():
                break
            if not (missing & ~np.isnan(level[..., s])).any():
                continue
            squares = within.squares[..., s, :, :] + within.squares[..., t, :, :]
            step = within.levels(squares, within.products[..., s, :] + within.products[..., t, :], [s, t], 0)[..., 1]
            level[..., t] = np.where(missing, level[..., s] + step, level[..., t])
    return level


def with_cluster_effects(clusters: Moments, draws: Matrix, base: int) -> Matrix:
    """delta_t - delta_base where each cluster has a level of its own as well: (sample, cluster) to (sample, period).

    What a cluster always is (its service, its name) is then no part of the index; only what it does over time, or
    sells at one time, is. Clusters' effects are eliminated one cluster at a time, which is exact: a cluster drawn
    twice counts twice. `clusters` is of `Moments.by_cluster`; NaN where a period cannot be told apart.
    """
    count, periods = clusters.weight.shape
    size = clusters.weight.sum(axis=1)
    z = clusters.features.sum(axis=1)
    sums = np.concatenate([clusters.weight, z], axis=1)
    squares = np.zeros((count, sums.shape[1], sums.shape[1]))
    own = np.arange(periods)
    squares[:, own, own] = clusters.weight
    squares[:, :periods, periods:] = clusters.features
    squares[:, periods:, :periods] = np.swapaxes(clusters.features, 1, 2)
    squares[:, periods:, periods:] = clusters.squares.sum(axis=1)
    squares -= sums[:, :, None] * sums[:, None, :] / size[:, None, None]
    products = np.concatenate([clusters.price, clusters.products.sum(axis=1)], axis=1)
    products -= sums * (clusters.price.sum(axis=1) / size)[:, None]
    estimate, known = _solved(np.tensordot(draws, squares, axes=1), draws @ products)
    contrast = np.eye(sums.shape[1])[:periods] - np.eye(sums.shape[1])[base % periods]
    unknown = np.abs(contrast - contrast @ known).max(axis=-1)
    return np.where(unknown < np.sqrt(RANK), estimate @ contrast.T, np.nan)


def _pseudo_inverse(squares: Matrix) -> tuple[Matrix, Matrix]:
    """Pseudo-inverse of symmetric matrices, and the projector on what they span."""
    value, vector = np.linalg.eigh(squares)
    largest = value.max(axis=-1, keepdims=True, initial=0.0)
    good = value > RANK * largest
    turned = np.swapaxes(vector, -1, -2)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = vector * np.where(good, 1.0 / np.where(good, value, 1.0), 0.0)[..., None, :]
    return scaled @ turned, (vector * good[..., None, :]) @ turned


def _solved(squares: Matrix, products: Matrix) -> tuple[Matrix, Matrix]:
    """Least squares of many unknowns, and the projector on what is known of them, where equations may be dependent.

    An inverse with a small number added to the diagonal, improved once: exact where something is known, nothing where
    it is not. Many times quicker than eigenvalues.
    """
    size = squares.shape[-1]
    small = RANK * np.trace(squares, axis1=-2, axis2=-1)[..., None, None] / size
    inverse = np.linalg.inv(squares + small * np.eye(size))
    estimate = inverse @ products[..., None]
    estimate += inverse @ (products[..., None] - squares @ estimate)
    known = inverse @ squares
    known += inverse @ (squares - squares @ known)
    return estimate[..., 0], known
