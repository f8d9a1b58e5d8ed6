"""Chain drift on cases where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.economics.index_numbers.bilateral import jevons, links
from pipelines.economics.index_numbers.drift import circle, over_geks
from pipelines.economics.index_numbers.panel import Panel
from pipelines.economics.index_numbers.series import Request, compute_index


def test_without_gaps_jevons_does_not_drift():
    pairs = jevons(Panel.of(np.exp(np.random.default_rng(12).normal(0, 1, (5, 6)))))
    assert over_geks(pairs) == pytest.approx(np.ones(6))
    assert circle(pairs) == pytest.approx(np.ones(6))


def test_an_item_that_leaves_low_and_returns_high_drifts_by_its_fall():
    # Item 1 is cut by half, leaves, and is back at its first price: chaining keeps the cut, of one item in three.
    price = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 0.5, np.nan, 1.0], [1.0, 1.0, 1.0, 1.0]])
    pairs = jevons(Panel.of(price))
    assert circle(pairs) == pytest.approx([1, 1, 0.5 ** (1 / 3), 0.5 ** (1 / 3)])
    assert over_geks(pairs)[-1] < 0.9


def test_a_sale_with_stocking_up_drifts_down_with_weights():
    # Szulc's bouncing: a sale at which many stock up, and the old prices again, with lower quantities after it.
    price = np.array([[1.0, 0.5, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]])
    quantity = np.array([[10.0, 100.0, 1.0, 10.0], [10.0, 10.0, 10.0, 10.0]])
    panel = Panel.of(price, quantity=quantity)
    round_trip = circle(links(panel, "tornqvist"))
    share = np.array([1 / 2, 50 / 60, 1 / 11])
    assert round_trip[-1] == pytest.approx(0.5 ** ((share[0] + share[1]) / 2 - (share[1] + share[2]) / 2))
    assert round_trip[-1] < 1


def test_the_series_says_its_drift():
    price = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 0.5, np.nan, 1.0], [1.0, 1.0, 1.0, 1.0]])
    panel = Panel.of(price, quantity=np.ones((3, 4)))
    found = compute_index(panel, Request("jevons", output="chained"))
    pairs = jevons(panel)
    assert found.circle == pytest.approx(circle(pairs))
    assert found.drift == pytest.approx(over_geks(pairs))
    # Laspeyres fails time reversal: no GEKS to measure it by, but the circle.
    laspeyres = compute_index(panel, Request("laspeyres", output="chained"))
    assert laspeyres.drift is None
    assert laspeyres.circle is not None
    assert compute_index(panel, Request("jevons")).circle is None


def test_drift_counts_from_the_base_of_the_series():
    price = np.exp(np.random.default_rng(13).normal(0, 1, (6, 6)))
    price[np.random.default_rng(14).random(price.shape) < 0.3] = np.nan
    panel = Panel.of(price)
    chain, whole = (
        compute_index(panel, request).level
        for request in (Request("jevons", output="chained", base_period=2), Request("geks", base_period=2))
    )
    assert compute_index(panel, Request("jevons", output="chained", base_period=2)).drift == pytest.approx(
        chain / whole
    )
