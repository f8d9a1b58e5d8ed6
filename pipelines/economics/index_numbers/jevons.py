"""Jevons: the geometric mean of price relatives, for every pair of periods, direct and chained.

PPI Manual (2004) 9.30: P_J(s,t) = prod_i (p_it / p_is)^(1/n) over the items priced in both periods.
Not here: multilateral methods (geks.py).
"""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.panel import Matrix, Panel, Vector


def log_links(panel: Panel) -> Matrix:
    """ln P_J(s,t) for every pair: rows s, columns t; NaN where no item is priced in both. Antisymmetric."""
    weighted = panel.present * panel.weight[:, None]
    later = weighted.T @ panel.log_price
    matched = panel.matched()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(matched > 0, (later - later.T) / matched, np.nan)


def fixed_base(links: Matrix, base: int = 0) -> Vector:
    """Direct index of every period against the base period; NaN where they share no item."""
    return np.asarray(np.exp(links[base]))


def chained(links: Matrix) -> tuple[Vector, NDArrayInt]:
    """Period-to-period links multiplied up from the first period, and the length of each link in periods.

    Where a period shares no item with the one before it, the link goes to the nearest earlier period with which it
    shares one: the gap is bridged by items seen on both sides of it and its length says so. NaN, length 0, where
    there is none. A chain drifts where items leave low and return high; see geks.py.
    """
    periods = links.shape[0]
    level = np.full(periods, np.nan)
    reach = np.zeros(periods, dtype=np.int64)
    level[0] = 0.0
    for t in range(1, periods):
        usable = np.flatnonzero(~np.isnan(links[:t, t]) & ~np.isnan(level[:t]))
        if usable.size:
            level[t] = level[usable[-1]] + links[usable[-1], t]
            reach[t] = t - usable[-1]
    return np.asarray(np.exp(level)), reach


NDArrayInt = np.ndarray[tuple[int], np.dtype[np.int64]]
