"""From an index to "times a year", with a bootstrap interval over those who set the prices.

Not here: index methods, tables.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.economics.index_numbers.panel import Matrix, Panel, Vector

DAYS_PER_YEAR = 365.0
REPLICATES = 200  # a 90% interval's ends rest on its 10 outermost replicates at either side
FEWEST_UNITS = 5  # resampling fewer units says more about the few than about the market
FEWEST_CONNECTED = 0.75  # share of replicates that must connect both ends; a link by one unit alone gives 0.63 to 0.72
SEED = 20_261_110  # fixed, so that the same panel gives the same interval on every run


def annual_factor(start: float, end: float, span_days: float) -> float:
    """(start / end)^(365 / days): how many times cheaper a year makes it; above 1 is falling (M14)."""
    return float((start / end) ** (DAYS_PER_YEAR / span_days))


Factor = TypeVar("Factor", float, pl.Expr)


def annual_change_pct(factor: Factor) -> Factor:
    """The same as a yearly change in percent: 2 times cheaper is -50."""
    return (1.0 / factor - 1.0) * 100.0


def resampled_links(panel: Panel, unit: NDArray[np.intp]) -> Matrix:
    """Jevons log links of every replicate, (replicate, s, t): units drawn with replacement (Efron 1979).

    `unit` numbers the unit of each item from 0. Items of one unit are drawn together: one seller's machines, regions
    and terms change on one day, and drawing them apart would make the interval too narrow (cluster bootstrap, Field
    and Welsh 2007). Each unit's own relatives are summed once; one product of draws by these sums serves every method.
    """
    units = int(unit.max()) + 1
    generator = np.random.default_rng(SEED)
    drawn = generator.multinomial(units, np.full(units, 1.0 / units), size=REPLICATES).astype(float)
    earlier, later = np.triu_indices(panel.periods, k=1)
    weighted = panel.present * panel.weight[:, None]
    count = np.empty((units, earlier.size))
    change = np.empty((units, earlier.size))
    for number, members in enumerate(np.split(np.argsort(unit, kind="stable"), np.cumsum(np.bincount(unit))[:-1])):
        present = panel.present[members]
        count[number] = (weighted[members].T @ present)[earlier, later]
        reached = weighted[members].T @ (panel.log_price[members] * present)
        change[number] = (reached - reached.T)[earlier, later]
    matched, summed = drawn @ count, drawn @ change
    links = np.full((REPLICATES, panel.periods, panel.periods), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        link = np.where(matched > 0, summed / matched, np.nan)
    links[:, earlier, later] = link
    links[:, later, earlier] = -link
    priced = (drawn[:, unit] * panel.weight) @ panel.present > 0
    replicate, period = np.nonzero(priced)
    links[replicate, period, period] = 0.0
    return links


def interval(movement: Vector, span_days: float) -> tuple[float, float]:
    """5% and 95% quantile of the annual factor over the replicates' movements; NaN where too few have one.

    A replicate whose drawn items do not connect the first with the last period has no factor. Where one unit alone
    carries a link, a third of the replicates lack it and the rest all hold that unit: their spread says nothing.
    """
    usable = movement[np.isfinite(movement) & (movement > 0)]
    if usable.size < FEWEST_CONNECTED * movement.size:
        return float("nan"), float("nan")
    low, high = np.quantile((1.0 / usable) ** (DAYS_PER_YEAR / span_days), [0.05, 0.95])
    return float(low), float(high)
