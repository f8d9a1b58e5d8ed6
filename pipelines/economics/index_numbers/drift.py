"""How far a chained index drifts: beside the transitive index of the same links, and round the circle.

    over GEKS   chained level / GEKS level over the same periods: 1 without drift. A direct index would not do as the
                measure: it loses items as they age, so that its distance from the chain mixes drift with the change
                of the sample (Ivancic, Diewert and Fox 2011)
    circle      P(0,1) P(1,2) ... P(t-1,t) P(t,0): chained forward and back to the start at once. Walsh's multi-period
                identity test (1901) asks for 1: prices that are back where they were have not changed

Both speak of items matched: the link back is over those still there. Not here: the links (bilateral.py).
"""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.chaining import chained
from pipelines.economics.index_numbers.multilateral import geks
from pipelines.economics.index_numbers.panel import Matrix


def over_geks(links: Matrix) -> Matrix:
    """Chained level over GEKS level, (..., period), of links that pass time reversal; NaN where either is missing."""
    return np.asarray(chained(links)[0] / geks(links))


def circle(links: Matrix) -> Matrix:
    """The chain to every period and from there back to the first, (..., period); NaN where no item is in both."""
    return np.asarray(chained(links)[0] * np.exp(links[..., :, 0]))
