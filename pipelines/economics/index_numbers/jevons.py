"""Jevons: the geometric mean of price relatives, for every pair of periods, direct and chained.

PPI Manual (2004) 9.30: P_J(s,t) = prod_i (p_it / p_is)^(1/n) over the items priced in both periods.
Not here: multilateral methods (geks.py).
"""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.panel import Matrix, Panel


def log_links(panel: Panel) -> Matrix:
    """Ln P_J(s,t) for every pair: rows s, columns t; NaN where no item is priced in both. Antisymmetric."""
    weighted = panel.present * panel.weight[:, None]
    later = weighted.T @ panel.log_price
    matched = panel.matched()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(matched > 0, (later - later.T) / matched, np.nan)


def fixed_base(links: Matrix, base: int = 0) -> Matrix:
    """Direct index of every period against the base period; NaN where they share no item. (..., s, t) to (..., t)."""
    return np.asarray(np.exp(links[..., base, :]))


def chained(links: Matrix) -> tuple[Matrix, NDArrayInt]:
    """Period-to-period links multiplied up from the first period, and the length of each link in periods.

    Where a period shares no item with the one before it, the link goes to the nearest earlier period with which it
    shares one: the gap is bridged by items seen on both sides of it and its length says so. NaN, length 0, where
    there is none. A chain drifts where items leave low and return high; see geks.py. Any leading axes of `links`
    are replicates and stay as they are.
    """
    periods = links.shape[-1]
    level = np.full(links.shape[:-1], np.nan)
    reach = np.zeros(links.shape[:-1], dtype=np.int64)
    level[..., 0] = 0.0
    for t in range(1, periods):
        usable = ~np.isnan(links[..., :t, t]) & ~np.isnan(level[..., :t])
        nearest = t - 1 - np.argmax(usable[..., ::-1], axis=-1)
        origin = np.take_along_axis(level, nearest[..., None], axis=-1)[..., 0]
        step = np.take_along_axis(links[..., t], nearest[..., None], axis=-1)[..., 0]
        linked = usable.any(axis=-1)
        level[..., t] = np.where(linked, origin + step, np.nan)
        reach[..., t] = np.where(linked, t - nearest, 0)
    return np.asarray(np.exp(level)), reach


NDArrayInt = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
