"""Jevons, direct, chained and GEKS, on generated panels with gaps: what connects, what drifts, what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipelines.economics.index_numbers import chaining
from pipelines.economics.index_numbers.bilateral import jevons
from pipelines.economics.index_numbers.chaining import fixed_base
from pipelines.economics.index_numbers.multilateral import geks
from pipelines.economics.index_numbers.panel import Panel
from tests.economics.index_numbers import naive

PRICES = st.floats(0.01, 100.0)
FULL = arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(2, 6)), elements=PRICES)
GAPS = arrays(np.float64, st.tuples(st.integers(2, 7), st.integers(3, 6)), elements=st.one_of(PRICES, st.just(np.nan)))


def direct(price):
    return fixed_base(jevons(Panel.of(price)))


def chained(price):
    return chaining.chained(jevons(Panel.of(price)))[0]


def multilateral(price):
    return geks(jevons(Panel.of(price)))


METHODS = (direct, chained, multilateral)


@settings(max_examples=80, deadline=None)
@given(FULL)
def test_the_matrix_agrees_with_the_textbook_item_by_item(price):
    links = jevons(Panel.of(price))
    for s, t in naive.pairs(price):
        assert math.exp(links[s, t]) == pytest.approx(naive.jevons(price, s, t))
    assert multilateral(price) == pytest.approx(naive.geks(price, 0, price.shape[1]))
    assert chained(price) == pytest.approx(naive.chained(price))


@settings(max_examples=60, deadline=None)
@given(FULL, st.floats(0.1, 10))
def test_identity_proportionality_units_and_mean_value(price, factor):
    same = np.repeat(price[:, :1], price.shape[1], axis=1)
    grown = price.copy()
    grown[:, -1] = price[:, 0] * factor
    units = np.arange(1, price.shape[0] + 1)[:, None]
    relatives = price[:, -1] / price[:, 0]
    for index in METHODS:
        assert index(same) == pytest.approx(np.ones(price.shape[1])), "identity"
        assert index(price * units) == pytest.approx(index(price)), "units of items"
        assert index(np.concatenate([same, same * factor], axis=1))[-1] == pytest.approx(factor), "proportionality"
    assert direct(grown)[-1] == pytest.approx(factor)
    slack = 1 + 1e-9
    assert relatives.min() / slack <= direct(price)[-1] <= relatives.max() * slack, "mean value"


@settings(max_examples=60, deadline=None)
@given(GAPS, st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(price, random):
    order = list(range(price.shape[0]))
    random.shuffle(order)
    for index in METHODS:
        assert index(price[order]) == pytest.approx(index(price), nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(FULL)
def test_time_reversal_and_circularity(price):
    reversed_level = multilateral(price[:, ::-1])
    assert reversed_level[-1] == pytest.approx(1 / multilateral(price)[-1]), "time reversal"
    # Jevons itself is transitive where no item is missing, so that all three are one index there.
    assert chained(price) == pytest.approx(direct(price))
    assert multilateral(price) == pytest.approx(direct(price))
    # Walsh's multi-period identity test: back at the first prices, the level is 1.
    circle = np.concatenate([price, price[:, :1]], axis=1)
    assert chained(circle)[-1] == pytest.approx(1)


@settings(max_examples=80, deadline=None)
@given(GAPS)
def test_with_gaps_geks_stays_transitive_and_reaches_what_is_connected(price):
    assume((~np.isnan(price)).any(axis=0).all())
    links = jevons(Panel.of(price))
    level = geks(links)
    reached = np.flatnonzero(~np.isnan(level))
    for base in reached[1:]:
        moved = geks(links, base=int(base))
        assert moved[reached] == pytest.approx(level[reached] / level[base])
    # A period is out of reach exactly when no path of shared items leads to it.
    for t in set(range(price.shape[1])) - set(reached):
        assert np.isnan(links[t, reached]).all()


@settings(max_examples=60, deadline=None)
@given(GAPS)
def test_with_gaps_geks_is_the_least_squares_solution(price):
    links = jevons(Panel.of(price))
    level = np.log(geks(links))
    reached = np.flatnonzero(~np.isnan(level))
    for t in reached:
        joined = [s for s in reached if s != t and not np.isnan(links[s, t])]
        # Normal equations: the residuals of the links at every period sum to nothing.
        assert sum(links[s, t] - (level[t] - level[s]) for s in joined) == pytest.approx(0, abs=1e-9)


def test_chaining_drifts_where_items_leave_low_and_return_high_and_geks_does_not_follow():
    # Item b is cut, leaves, and returns at its old price: nothing has changed from the first to the last month.
    price = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 0.5, np.nan, 1.0], [1.0, 1.0, 1.0, 1.0]])
    assert chained(price)[-1] == pytest.approx(0.5 ** (1 / 3))
    assert direct(price)[-1] == pytest.approx(1.0)
    assert abs(np.log(multilateral(price)[-1])) < abs(np.log(chained(price)[-1])) / 2


def test_a_chain_bridges_a_gap_by_items_seen_on_both_sides_and_says_how_far():
    price = np.array([[1.0, np.nan, 2.0], [np.nan, 5.0, np.nan]])
    level, reach = chaining.chained(jevons(Panel.of(price)))
    assert level[[0, 2]] == pytest.approx([1, 2])
    assert np.isnan(level[1])
    assert reach.tolist() == [0, 0, 2]


def test_months_without_a_shared_item_are_never_joined():
    price = np.array([[1.0, 2.0, np.nan, np.nan], [np.nan, np.nan, 3.0, 9.0]])
    for index in METHODS:
        assert np.isnan(index(price)[2:]).all()
    assert [group.tolist() for group in Panel.of(price).components()] == [[0, 1], [2, 3]]


def test_weights_multiply_an_item():
    price = np.array([[1.0, 2.0], [1.0, 8.0]])
    weighted = Panel.of(price, np.array([2.0, 1.0]))
    assert fixed_base(jevons(weighted))[1] == pytest.approx((2 * 2 * 8) ** (1 / 3))


@pytest.mark.parametrize("bad", [0.0, -1.0, np.inf])
def test_prices_without_a_logarithm_are_refused(bad):
    with pytest.raises(ValueError, match="positive and finite"):
        Panel.of(np.array([[1.0, bad]]))


def test_a_panel_has_two_dimensions_and_a_weight_per_item():
    with pytest.raises(ValueError, match="1 dimensions"):
        Panel.of(np.array([1.0]))
    with pytest.raises(ValueError, match="one weight per item"):
        Panel.of(np.ones((2, 2)), np.ones(3))
