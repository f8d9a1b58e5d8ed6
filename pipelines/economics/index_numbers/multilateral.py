"""GEKS: the transitive index nearest to a set of bilateral indices. Free of chain drift by construction.

Gini (1931), Elteto and Koves (1964), Szulc (1964); CPI Manual (2020) 10: with links for every pair
P_0t = prod_l (P_0l P_lt)^(1/T). The same numbers solve the least squares problem
min sum_(s<t) (ln P_st - (d_t - d_s))^2, which stays defined, and transitive, where some pairs share no item.

Not here: the bilateral links (bilateral.py), windows and splices (windows.py).
"""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.connection import reached
from pipelines.economics.index_numbers.panel import Matrix


def geks(links: Matrix, base: int = 0) -> Matrix:
    """Levels against the base period from antisymmetric log links (NaN = no link). NaN for periods out of reach.

    With all links the textbook GEKS; with some missing its least squares form over the links there are. Any leading
    axes of `links` are replicates: (..., s, t) to (..., t).
    """
    return np.asarray(np.exp(log_geks(links, base)))


def log_geks(links: Matrix, base: int = 0) -> Matrix:
    """The same as logarithms."""
    stack = links.reshape(-1, *links.shape[-2:])
    return _levels(stack, base % links.shape[-1]).reshape(links.shape[:-1])


def _levels(links: Matrix, base: int) -> Matrix:
    """Log levels of a stack of link matrices: the mean of a period's links where all are there, else solved for."""
    level = np.asarray(links.mean(axis=-2))
    level -= level[:, [base]]
    partial = np.flatnonzero(np.isnan(level).any(axis=-1))
    if partial.size:
        level[partial] = _least_squares(links[partial], base)
    return level


def _least_squares(links: Matrix, base: int) -> Matrix:
    """Log levels where some links are missing. Matrices that reach the same periods are solved together."""
    joined = ~np.isnan(links)
    own = np.arange(links.shape[-1])
    joined[:, own, own] = False
    within = reached(joined, base)
    level = np.full(links.shape[:-1], np.nan)
    level[:, base] = np.where(np.isnan(links[:, base, base]), np.nan, 0.0)
    patterns, members = np.unique(within, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        periods = np.flatnonzero(pattern)
        rows = np.flatnonzero(members.reshape(-1) == number)
        degrees = joined[np.ix_(rows, periods, periods)].astype(float)
        laplacian = -degrees
        laplacian[:, own[: periods.size], own[: periods.size]] += degrees.sum(axis=2)
        pull = np.where(joined, links, 0.0)[np.ix_(rows, periods, periods)].sum(axis=1)
        free = periods != base
        solved = np.linalg.solve(laplacian[:, free][:, :, free], pull[:, free, None])[..., 0]
        level[rows[:, None], periods[free][None, :]] = solved
    return level
