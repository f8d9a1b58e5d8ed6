"""One segment's panel between its first and last period, taken apart: what entry, exit, prices and currency moved.

Not here: which panels there are (reconciled.py), the decompositions (index_numbers/decomposition.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipelines.economics.index_numbers.decomposition import LevelChange, by_item, in_logs, level_change, status
from pipelines.economics.index_numbers.hedonic import CollinearFeaturesError, Observations, time_dummy
from pipelines.economics.index_numbers.panel import Matrix, Panel, Vector

METHODS = {"direct": "fixed", "chained": "chained", "multilateral": "geks"}
"""Outputs as this mart names them, and the method of decomposition.by_item."""

CHARACTERISTICS = ("memory_gb", "memory_bandwidth_gb_s", "peak_bf16_flop_s")
"""What a rented GPU is: columns of dim_gpu, taken as logarithms (as the hedonic deflator does)."""


@dataclass(frozen=True)
class Reconciled:
    """One segment's panel between its first and last period, with what is needed to take it apart.

    `fx`: log USD per unit of the list's currency, 0 for lists in USD; items by periods like the panel. `features`:
    logs of each item's CHARACTERISTICS, NaN where they are not known; None where items are of one kind.
    """

    segment: str
    periods: tuple[dt.date, ...]
    items: NDArray[np.str_]
    sellers: NDArray[np.str_]
    regions: tuple[str | None, ...]
    panel: Panel
    fx: Matrix
    features: Matrix | None = None

    @cached_property
    def last(self) -> int:
        """The last period's place."""
        return len(self.periods) - 1

    @cached_property
    def price(self) -> Matrix:
        """Prices, NaN where there is none."""
        return np.where(self.panel.present > 0, np.exp(self.panel.log_price), np.nan)

    @cached_property
    def status(self) -> NDArray[np.str_]:
        """What each item did between the first and the last period (decomposition.status)."""
        return status(self.panel, 0, self.last)

    @cached_property
    def stayed(self) -> NDArray[np.bool_]:
        """Items priced in both."""
        return np.asarray((self.panel.present[:, 0] > 0) & (self.panel.present[:, self.last] > 0))

    @cached_property
    def lists_abroad(self) -> bool:
        """Whether any list is in another currency."""
        return bool((self.fx != 0).any())

    def geometric(self) -> LevelChange:
        """The change of the geometric mean, in logarithms. Raises ValueError where no item stayed."""
        price = self.price
        return level_change(np.log(price[:, 0]), np.log(price[:, self.last]))

    def by_period(self) -> LevelChange:
        """The change of the geometric mean from each period to the next, added up: its price part is a chained index.

        Where two neighbouring periods share no item, both are held against the mean of their means.
        """
        log_price = np.log(self.price)
        parts = []
        for t in range(1, len(self.periods)):
            shared = (self.panel.present[:, t - 1] * self.panel.present[:, t]).any()
            rule = "diewert_fox" if shared else "griliches_regev"
            parts.append(level_change(log_price[:, t - 1], log_price[:, t], rule=rule))
        sums = ([getattr(part, name) for part in parts] for name in ("price", "share", "entry", "exit"))
        return LevelChange(*(np.sum(of, axis=0) for of in sums))

    def arithmetic(self) -> LevelChange:
        """The change of the arithmetic mean, in logarithms (`in_logs`). Raises ValueError where no item stayed."""
        first, last = self.price[:, 0], self.price[:, self.last]
        parts = level_change(first, last)
        ends = float(np.nanmean(first)), float(np.nanmean(last))
        return LevelChange(*(in_logs(part, *ends) for part in (parts.price, parts.share, parts.entry, parts.exit)))

    def fx_of_stayed(self) -> Vector:
        """Log change of the exchange rate of items that stayed, 0 for the others."""
        return np.where(self.stayed, self.fx[:, self.last] - self.fx[:, 0], 0.0)

    def index_parts(self, output: str) -> tuple[Vector, Vector]:
        """Each item's part in the log change of an index: by its price on the list, and by its exchange rate."""
        method = METHODS[output]
        if not self.lists_abroad:
            return by_item(self.panel, method, 0, self.last), np.zeros(self.items.size)
        native = Panel(self.panel.log_price - self.fx, self.panel.present, self.panel.weight)
        rates = Panel(self.fx, self.panel.present, self.panel.weight)
        return by_item(native, method, 0, self.last), by_item(rates, method, 0, self.last)

    @cached_property
    def quality(self) -> Vector | None:
        """Log value of each item's characteristics at the prices of a time dummy regression over the segment.

        NaN for an item whose characteristics are not known; None where the segment cannot tell them apart.
        """
        if self.features is None:
            return None
        present = (self.panel.present > 0) & np.isfinite(self.features).all(axis=1).reshape(-1, 1)
        item, period = np.nonzero(present)
        if not item.size:
            return None
        data = Observations.of(
            self.price[item, period], period, self.features[item], CHARACTERISTICS, periods=len(self.periods)
        )
        try:
            return np.asarray(self.features @ time_dummy(data, int(period.min())).coefficient)
        except (CollinearFeaturesError, ValueError):
            return None

    def quality_parts(self) -> LevelChange | None:
        """The part of entry and exit in the geometric mean that is quality; items of unknown quality have none."""
        if self.quality is None:
            return None
        known = np.isfinite(self.quality)
        if not (known & self.stayed).any():
            return None
        held = float(self.quality[known & self.stayed].mean())
        # An item nobody describes is taken for one like those that stayed: it moves no quality.
        values = np.where(self.panel.present > 0, np.where(known, self.quality, held)[:, None], np.nan)
        return level_change(values[:, 0], values[:, self.last])
