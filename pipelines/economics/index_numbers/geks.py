"""GEKS: the transitive index nearest to a set of bilateral indices. Free of chain drift by construction.

Gini (1931), Elteto and Koves (1964), Szulc (1964); CPI Manual (2020) 10: with links for every pair
P_0t = prod_l (P_0l P_lt)^(1/T). The same numbers solve the least squares problem
min sum_(s<t) (ln P_st - (d_t - d_s))^2, which stays defined, and transitive, where some pairs share no item.

Not here: the bilateral links (jevons.py), windows and splices.
"""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.panel import Matrix, Vector


def geks(links: Matrix) -> Vector:
    """Levels against the first period from antisymmetric log links (NaN = no link). NaN for periods out of reach.

    With all links the textbook GEKS; with some missing its least squares form over the links there are.
    """
    joined = ~np.isnan(links)
    np.fill_diagonal(joined, False)
    reached = _component(joined)
    degrees = joined[np.ix_(reached, reached)].astype(float)
    laplacian = np.diag(degrees.sum(axis=1)) - degrees
    pull = np.where(joined, links, 0.0)[np.ix_(reached, reached)].sum(axis=0)
    level = np.full(links.shape[0], np.nan)
    level[0] = 0.0
    if reached.size > 1:
        level[reached[1:]] = np.linalg.solve(laplacian[1:, 1:], pull[1:])
    return np.asarray(np.exp(level))


def _component(joined: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Periods that links connect to the first one, in order."""
    reached = np.zeros(joined.shape[0], dtype=bool)
    reached[0] = True
    while True:
        wider = reached | joined[reached].any(axis=0)
        if (wider == reached).all():
            return np.flatnonzero(reached)
        reached = wider
