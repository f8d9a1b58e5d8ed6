"""From links between pairs of periods to one level per period: direct against a base, or chained.

"Direct" and "fixed-base" name one thing. A direct index loses items as they age; a chained one keeps every matched
pair and drifts where items leave low and return high.

Not here: the links (bilateral.py), levels free of drift (multilateral.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.economics.index_numbers.panel import Matrix


def fixed_base(links: Matrix, base: int = 0) -> Matrix:
    """Every period against the base period alone; NaN where they share no item. (..., s, t) to (..., t)."""
    return np.asarray(np.exp(links[..., base, :]))


def chained(links: Matrix) -> tuple[Matrix, NDArray[np.int64]]:
    """Period-to-period links multiplied up from the first period, and how many periods each link spans.

    Where a period shares no item with the one before it, the link goes to the nearest earlier period with which it
    shares one: a direct link over the gap, by items seen on both sides of it, and its length says so. The level is
    NaN and the length 0 where there is none. Any leading axes of `links` are replicates and stay as they are.
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
