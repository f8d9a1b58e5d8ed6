"""From an index to "times a year", with a bootstrap interval over items. Not here: index methods, tables."""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.panel import Matrix, Panel, Vector

DAYS_PER_YEAR = 365.0
REPLICATES = 200  # a 90% interval's ends rest on its 10 outermost replicates at either side
FEWEST_FOR_INTERVAL = 5  # resampling fewer items says more about the few than about the market
SEED = 20_261_110  # fixed, so that the same panel gives the same interval on every machine


def annual_factor(start: float, end: float, span_days: float) -> float:
    """(start / end)^(365 / days): how many times cheaper a year makes it; above 1 is falling (M14)."""
    return float((start / end) ** (DAYS_PER_YEAR / span_days))


def annual_change_pct(factor: float) -> float:
    """The same as a yearly change in percent: 2 times cheaper is -50."""
    return (1.0 / factor - 1.0) * 100.0


def resampled_links(panel: Panel) -> Matrix:
    """Log links of every replicate: items drawn with replacement (Efron 1979), as (replicate, s, t).

    One product of draws by items' own pairwise relatives serves every method over the segment.
    """
    items = panel.weight.size
    generator = np.random.default_rng(SEED)
    draws = generator.multinomial(items, np.full(items, 1.0 / items), size=REPLICATES).astype(float)
    both = panel.present[:, :, None] * panel.present[:, None, :]
    relative = (panel.log_price[:, None, :] - panel.log_price[:, :, None]) * both
    shape = (REPLICATES, panel.periods, panel.periods)
    matched = (draws @ both.reshape(items, -1)).reshape(shape)
    summed = (draws @ relative.reshape(items, -1)).reshape(shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(matched > 0, summed / matched, np.nan)


def interval(levels: Vector, span_days: float) -> tuple[float, float]:
    """5% and 95% quantile of the annual factor over the replicates' last levels; NaN where too few have one.

    A replicate whose drawn items do not connect the first with the last period has no factor; when fewer than half
    have one, there is no interval.
    """
    usable = levels[np.isfinite(levels) & (levels > 0)]
    if usable.size < levels.size / 2:
        return float("nan"), float("nan")
    low, high = np.quantile((1.0 / usable) ** (DAYS_PER_YEAR / span_days), [0.05, 0.95])
    return float(low), float(high)
