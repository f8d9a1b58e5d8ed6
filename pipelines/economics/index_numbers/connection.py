"""Which periods can be compared at all: those that a path of shared items joins.

Not here: what the comparison is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def reached(joined: NDArray[np.bool_], base: int) -> NDArray[np.bool_]:
    """Which periods a path of joined pairs leads to from the base, for a stack of matrices: (..., s, t) to (..., t)."""
    found = np.zeros(joined.shape[:-1], dtype=bool)
    found[..., base] = True
    while True:
        wider = found | (joined & found[..., :, None]).any(axis=-2)
        if (wider == found).all():
            return found
        found = wider


def sharing(weight: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which pairs of periods share an item of positive weight; a period without any is not joined to itself either."""
    counted = (weight > 0).astype(float)
    return np.asarray(counted.T @ counted > 0)
