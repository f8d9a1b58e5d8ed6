"""The time-product dummy index: the country-product dummy of Summers (1973) over time.

Least squares of `ln p_it = delta_t + gamma_i`, delta of the base 0: the index is exp(delta_t) (Rao 2005 for weights; de
Haan and Krsinich 2014; CPI Manual 2020, ch. 10). Weights of an observation:

    share   its share in the expenditure of its period: every period counts alike
    value   its expenditure
    none    1

Item effects are eliminated: gamma_i is the weighted mean of ln p_it - delta_t over the periods of i, which leaves
`L delta = r`, L = diag(sum_i w_it) - W' diag(1 / sum_t w_it) W, periods by periods. An item seen once fits itself and
changes nothing but, through the shares, the weight of the others in its period. An observation without weight (nothing
was bought) does not count, nor does it connect.

Not here: windows and splices (windows.py), the hedonic variant (time_dummy.py).
"""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.connection import reached, sharing
from pipelines.economics.index_numbers.panel import Matrix, Panel, Vector

WEIGHTS = ("share", "value", "none")


def observation_weights(panel: Panel, weights: str, method: str) -> Matrix:
    """The weight of every observation, 0 where there is no price; an item's own weight multiplies it.

    Raises ValueError on weights not in WEIGHTS, or where share or value is asked of a panel without quantities.
    """
    if weights == "none":
        return np.asarray(panel.present * panel.weight[:, None])
    if weights not in WEIGHTS:
        raise ValueError(f"no weights {weights!r}; there are {', '.join(WEIGHTS)}")
    value = panel.bought(f"{method} with weights {weights!r}") * panel.price
    if weights == "value":
        return value
    total = value.sum(axis=0)
    return np.asarray(value / np.where(total > 0, total, 1.0))


def tpd(panel: Panel, weights: str = "share", base: int = 0) -> Vector:
    """Levels against the base period; NaN for periods that no item connects to it. Raises ValueError as above."""
    return np.asarray(np.exp(log_tpd(panel, weights, base)))


def log_tpd(panel: Panel, weights: str = "share", base: int = 0) -> Vector:
    """The same as logarithms."""
    weight = observation_weights(panel, weights, "tpd")
    of_item = weight.sum(axis=1, keepdims=True)
    of_item[of_item == 0] = 1.0
    share = weight / of_item
    centred = panel.log_price - (share * panel.log_price).sum(axis=1, keepdims=True)
    pull = (weight * centred).sum(axis=0)
    laplacian = -weight.T @ share
    np.fill_diagonal(laplacian, 0.0)
    np.fill_diagonal(laplacian, -laplacian.sum(axis=0))
    return _solved(laplacian, pull, sharing(weight), base % panel.periods)


def _solved(
    laplacian: Matrix, pull: Vector, joined: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], base: int
) -> Vector:
    """Delta of the periods the base reaches; NaN for the others, and for a base that nothing speaks for."""
    level = np.full(pull.size, np.nan)
    if not joined[base, base]:
        return level
    level[base] = 0.0
    free = reached(joined, base)
    free[base] = False
    if free.any():
        level[free] = np.linalg.solve(laplacian[np.ix_(free, free)], pull[free])
    return level
