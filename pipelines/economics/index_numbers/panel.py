"""The panel: prices of items over periods, with quantities where there are some, checked. Not here: any index method.

    price      positive and finite; NaN where the item has none in the period
    quantity   zero or positive and finite, known wherever there is a price; ignored where there is none. Zero says that
               the item was offered and not bought: it then weighs nothing in that period
    weight     one per item: an item of weight 2 counts as two equal items would, in every method

An item that appears, vanishes or pauses is a row with NaN. A period in which no item has a price is a column of NaN; no
method gives it a level. An item seen once says nothing about change and moves no index that compares matched items.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.economics.index_numbers.connection import reached

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """Log prices and presence of items (rows) over periods (columns), a weight per item, and quantities if known.

    `log_price` and `quantity` are 0 where there is no price; `present` is 1 or 0.
    """

    log_price: Matrix
    present: Matrix
    weight: Vector
    quantity: Matrix | None = None

    @classmethod
    def of(cls, price: Matrix, weight: Vector | None = None, quantity: Matrix | None = None) -> Panel:
        """From prices with NaN for missing, and quantities of the same shape.

        Raises ValueError on a price that is zero, negative or infinite, a quantity that is negative, infinite or
        unknown where there is a price, a negative weight, and on shapes that do not fit. An index of relatives has
        no meaning for such prices: whoever builds the panel leaves them out and counts them
        (pipelines/marts/price_panel.py).
        """
        price = np.asarray(price, dtype=float)
        if price.ndim != 2:
            raise ValueError(f"a panel is items by periods; this has {price.ndim} dimensions")
        present = ~np.isnan(price)
        _refuse(
            present & ~(np.isfinite(price) & (price > 0)), price, "prices", "positive and finite; missing ones are NaN"
        )
        logs = np.where(present, np.log(np.where(present, price, 1.0)), 0.0)
        weights = np.ones(price.shape[0]) if weight is None else np.asarray(weight, dtype=float)
        if weights.shape != (price.shape[0],) or not (np.isfinite(weights) & (weights >= 0)).all():
            raise ValueError("one weight per item, none negative")
        return cls(logs, present.astype(float), weights, None if quantity is None else _checked(quantity, present))

    @property
    def periods(self) -> int:
        """Number of periods."""
        return int(self.log_price.shape[1])

    @property
    def price(self) -> Matrix:
        """Prices, 0 where there is none."""
        return np.asarray(np.exp(self.log_price) * self.present)

    def bought(self, method: str) -> Matrix:
        """Quantities times the weight of their item. Raises ValueError, naming the method, where there are none."""
        if self.quantity is None:
            raise ValueError(f"{method} needs quantities, and the panel has none; jevons, dutot and carli need none")
        return np.asarray(self.quantity * self.weight[:, None])

    def matched(self) -> Matrix:
        """Weighted number of items present in both periods, for every pair of periods."""
        return (self.present * self.weight[:, None]).T @ self.present

    def components(self) -> list[NDArray[np.intp]]:
        """Groups of periods that shared items join, directly or through others; between groups no index exists."""
        joined = self.matched() > 0
        left = np.ones(self.periods, dtype=bool)
        groups = []
        while left.any():
            group = reached(joined, int(np.argmax(left)))
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
        quantity = None if self.quantity is None else self.quantity[kept]
        return Panel(self.log_price[kept], self.present[kept], self.weight[kept], quantity)

    def at(self, periods: NDArray[np.intp]) -> Panel:
        """The panel of those periods alone, every item kept."""
        quantity = None if self.quantity is None else self.quantity[:, periods]
        return Panel(self.log_price[:, periods], self.present[:, periods], self.weight, quantity)


def _checked(quantity: Matrix, present: NDArray[np.bool_]) -> Matrix:
    quantity = np.asarray(quantity, dtype=float)
    if quantity.shape != present.shape:
        raise ValueError(f"quantities are items by periods like prices: {present.shape}, not {quantity.shape}")
    _refuse(
        present & np.isnan(quantity), quantity, "quantities", "known wherever there is a price; 0 says none was bought"
    )
    _refuse(
        present & ~(np.isfinite(quantity) & (quantity >= 0)), quantity, "quantities", "zero or positive, and finite"
    )
    return np.where(present, quantity, 0.0)


def _refuse(wrong: NDArray[np.bool_], values: Matrix, what: str, rule: str) -> None:
    """Raise ValueError where there is a wrong cell: how many, and the first of them."""
    if wrong.any():
        item, period = (int(place) for place in np.argwhere(wrong)[0])
        raise ValueError(
            f"{what} in a panel are {rule}: {int(wrong.sum())} are not, the first at item {item}, period {period}: "
            f"{values[item, period]}"
        )
