"""GEKS: the transitive index nearest to a set of bilateral indices. Free of chain drift by construction.

Gini (1931), Elteto and Koves (1964), Szulc (1964); CPI Manual (2020) 10: with links for every pair
P_0t = prod_l (P_0l P_lt)^(1/T). The same numbers solve the least squares problem
min sum_(s<t) (ln P_st - (d_t - d_s))^2, which stays defined, and transitive, where some pairs share no item.

Not here: the bilateral links (jevons.py), windows and splices.
"""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.panel import Matrix


def geks(links: Matrix) -> Matrix:
    """Levels against the first period from antisymmetric log links (NaN = no link). NaN for periods out of reach.

    With all links the textbook GEKS; with some missing its least squares form over the links there are. Any leading
    axes of `links` are replicates: (..., s, t) to (..., t).
    """
    if links.ndim == 2:
        return np.asarray(np.exp(_levels(links[None])[0]))
    return np.asarray(np.exp(_levels(links.reshape(-1, *links.shape[-2:])).reshape(links.shape[:-1])))


def _levels(links: Matrix) -> Matrix:
    """Log levels of a stack of link matrices. Replicates that reach the same periods are solved together."""
    joined = ~np.isnan(links)
    own = np.arange(links.shape[-1])
    joined[:, own, own] = False
    reached = _reached(joined)
    level = np.full(links.shape[:-1], np.nan)
    level[:, 0] = 0.0
    patterns, members = np.unique(reached, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        periods = np.flatnonzero(pattern)
        if periods.size < 2:
            continue
        rows = np.flatnonzero(members.reshape(-1) == number)
        degrees = joined[np.ix_(rows, periods, periods)].astype(float)
        laplacian = -degrees
        laplacian[:, own[: periods.size], own[: periods.size]] += degrees.sum(axis=2)
        pull = np.where(joined, links, 0.0)[np.ix_(rows, periods, periods)].sum(axis=1)
        solved = np.linalg.solve(laplacian[:, 1:, 1:], pull[:, 1:, None])[..., 0]
        level[rows[:, None], periods[None, 1:]] = solved
    return level


def _reached(
    joined: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which periods links connect to the first one, for each of a stack of link matrices."""
    reached = np.zeros(joined.shape[:2], dtype=bool)
    reached[:, 0] = True
    while True:
        wider = reached | (joined & reached[:, :, None]).any(axis=1)
        if (wider == reached).all():
            return reached
        reached = wider
