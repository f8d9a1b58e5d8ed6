"""What a panel refuses, and says."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.economics.index_numbers.panel import Panel

PRICE = np.array([[1.0, 2.0, np.nan], [3.0, 4.0, 5.0]])


@pytest.mark.parametrize("bad", [0.0, -1.0, np.inf, -np.inf])
def test_prices_without_a_logarithm(bad):
    price = PRICE.copy()
    price[1, 2] = bad
    with pytest.raises(ValueError, match=f"positive and finite.*1 are not, the first at item 1, period 2: {bad}"):
        Panel.of(price)


@pytest.mark.parametrize(
    ("bad", "says"),
    [(-1.0, "zero or positive"), (np.inf, "zero or positive"), (np.nan, "known wherever there is a price")],
)
def test_quantities_that_cannot_be(bad, says):
    quantity = np.ones((2, 3))
    quantity[0, 1] = bad
    with pytest.raises(ValueError, match=f"{says}.*item 0, period 1"):
        Panel.of(PRICE, quantity=quantity)


def test_shapes():
    with pytest.raises(ValueError, match="1 dimensions"):
        Panel.of(np.ones(3))
    with pytest.raises(ValueError, match=r"like prices: \(2, 3\), not \(3, 2\)"):
        Panel.of(PRICE, quantity=np.ones((3, 2)))
    for weight in (np.ones(3), np.array([1.0, -1.0]), np.array([1.0, np.nan])):
        with pytest.raises(ValueError, match="one weight per item"):
            Panel.of(PRICE, weight)


def test_a_quantity_without_a_price_is_ignored():
    quantity = np.array([[1.0, 1.0, 9.0], [1.0, 1.0, 1.0]])
    panel = Panel.of(PRICE, quantity=quantity)
    assert panel.quantity is not None
    assert panel.quantity[0, 2] == 0
    assert panel.price[0] == pytest.approx([1.0, 2.0, 0.0])


def test_quantities_follow_items_and_periods():
    quantity = np.arange(6.0).reshape(2, 3)
    panel = Panel.of(PRICE, quantity=quantity)
    part, kept = panel.over(np.array([2]))
    assert kept.tolist() == [False, True]
    assert part.quantity is not None
    assert part.quantity.tolist() == [[5.0]]
    assert Panel.of(PRICE).at(np.array([0])).quantity is None
