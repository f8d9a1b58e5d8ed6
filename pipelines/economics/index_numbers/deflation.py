"""From an index to "times a year", with a bootstrap interval over items. Not here: index methods, tables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipelines.economics.index_numbers.panel import Panel, Vector

DAYS_PER_YEAR = 365.0
REPLICATES = 200  # a 90% interval's ends rest on its 10 outermost replicates at either side
SEED = 20_261_110  # fixed, so that the same panel gives the same interval on every machine


def annual_factor(start: float, end: float, span_days: float) -> float:
    """(start / end)^(365 / days): how many times cheaper a year makes it; above 1 is falling (M14)."""
    return float((start / end) ** (DAYS_PER_YEAR / span_days))


def annual_change_pct(factor: float) -> float:
    """The same as a yearly change in percent: 2 times cheaper is -50."""
    return (1.0 / factor - 1.0) * 100.0


def bootstrap_interval(
    panel: Panel, method: Callable[[Panel], Vector], last: int, span_days: float
) -> tuple[float, float]:
    """5% and 95% quantile of the annual factor over resamples of the items; NaN where too few of them hold together.

    Items are drawn with replacement (Efron 1979). A replicate whose drawn items do not connect the first with the
    last period has no factor; when fewer than half have one, there is no interval.
    """
    items = panel.weight.size
    if items < 2:
        return float("nan"), float("nan")
    generator = np.random.default_rng(SEED)
    draws = generator.multinomial(items, np.full(items, 1.0 / items), size=REPLICATES)
    factors = []
    for drawn in draws:
        level = method(panel.reweighted(drawn.astype(float)))
        if np.isfinite(level[last]) and level[last] > 0:
            factors.append(annual_factor(1.0, float(level[last]), span_days))
    if len(factors) < REPLICATES / 2:
        return float("nan"), float("nan")
    low, high = np.quantile(factors, [0.05, 0.95])
    return float(low), float(high)
