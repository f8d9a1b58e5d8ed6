"""Bootstrap over models: how often each is drawn, and the interval that a statistic's resamples give.

Efron (1979). Models are drawn whole, with all their prices (cluster bootstrap, Field and Welsh 2007).

Not here: the statistics, resampling of price panels (deflation.py).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.economics.index_numbers.deflation import FEWEST_CONNECTED, SEED

RESAMPLES = 500
"""A 90% interval's ends then rest on its 25 outermost resamples at either side."""


@lru_cache(maxsize=64)
def draws(units: int) -> NDArray[np.int64]:
    """How often each of `units` models is drawn in each resample, (resample, unit). The same on every run."""
    generator = np.random.default_rng(SEED)
    drawn = generator.multinomial(units, np.full(units, 1.0 / units), size=RESAMPLES)
    drawn.setflags(write=False)
    return np.asarray(drawn, dtype=np.int64)


def ends(factors: NDArray[np.float64], resamples: int) -> tuple[float, float, float]:
    """5% and 95% quantile of the resamples that have a factor, and their share in percent.

    The quantiles are NaN where fewer than three of four resamples have one: those that do are then the lucky ones,
    and their spread says nothing.
    """
    usable = np.sort(factors[np.isfinite(factors)])
    share = 100.0 * usable.size / resamples
    if usable.size < FEWEST_CONNECTED * resamples:
        return float("nan"), float("nan"), share
    low, high = np.quantile(usable, [0.05, 0.95])
    return float(low), float(high), share
