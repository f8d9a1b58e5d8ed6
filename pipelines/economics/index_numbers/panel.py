"""The panel: prices of items over periods, checked. Not here: any index method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """Log prices and presence of items (rows) over periods (columns), and an optional weight per item.

    Weights multiply an item's part in every average; 1 each by default.
    """

    log_price: Matrix
    present: Matrix
    weight: Vector

    @classmethod
    def of(cls, price: Matrix, weight: Vector | None = None) -> Panel:
        """From prices with NaN for missing. Raises ValueError on a price that is zero, negative or infinite.

        An index of relatives has no meaning for such prices: whoever builds the panel leaves them out and counts
        them (pipelines/marts/price_panel.py).
        """
        if price.ndim != 2:
            raise ValueError(f"a panel is items by periods; this has {price.ndim} dimensions")
        present = ~np.isnan(price)
        if not (np.isfinite(price[present]) & (price[present] > 0)).all():
            raise ValueError("prices in a panel are positive and finite; missing ones are NaN")
        logs = np.where(present, np.log(np.where(present, price, 1.0)), 0.0)
        weights = np.ones(price.shape[0]) if weight is None else np.asarray(weight, dtype=float)
        if weights.shape != (price.shape[0],) or (weights < 0).any():
            raise ValueError("one weight per item, none negative")
        return cls(logs, present.astype(float), weights)

    @property
    def periods(self) -> int:
        """Number of periods."""
        return int(self.log_price.shape[1])

    def matched(self) -> Matrix:
        """Weighted number of items present in both periods, for every pair of periods."""
        return (self.present * self.weight[:, None]).T @ self.present

    def components(self) -> list[NDArray[np.intp]]:
        """Groups of periods that shared items join, directly or through others; between groups no index exists."""
        joined = self.matched() > 0
        left = np.ones(self.periods, dtype=bool)
        groups = []
        while left.any():
            group = np.zeros(self.periods, dtype=bool)
            group[np.argmax(left)] = True
            while True:
                wider = group | joined[group].any(axis=0)
                if (wider == group).all():
                    break
                group = wider
            groups.append(np.flatnonzero(group))
            left &= ~group
        return groups

    def over(self, periods: NDArray[np.intp]) -> tuple[Panel, NDArray[np.bool_]]:
        """The panel of those periods alone, without items that have no price in any of them, and which items stay."""
        present = self.present[:, periods]
        kept = np.asarray(present.any(axis=1))
        return self.items(kept).at(periods), kept

    def items(self, kept: NDArray[np.bool_]) -> Panel:
        """The panel of those items alone."""
        return Panel(self.log_price[kept], self.present[kept], self.weight[kept])

    def at(self, periods: NDArray[np.intp]) -> Panel:
        """The panel of those periods alone, every item kept."""
        return Panel(self.log_price[:, periods], self.present[:, periods], self.weight)
