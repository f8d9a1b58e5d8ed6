"""The published rule on invented models, against a second implementation in plain loops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.index_numbers.frontier import Candidates, epoch_rule, line, lowest
from pipelines.economics.index_numbers.resampling import RESAMPLES, draws, ends
from tests.economics.index_numbers import slow_frontier

rows = st.lists(
    st.tuples(
        st.sampled_from([f"m{i}" for i in range(12)]),
        st.integers(19_000, 20_500),
        st.sampled_from([0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0]),
        st.integers(30, 99).map(float),
    ),
    min_size=1,
    max_size=30,
)


def candidates(found):
    return Candidates.of(*zip(*found, strict=True))


def trend(found):
    return epoch_rule(candidates(found))


@settings(max_examples=50)
@given(rows)
def test_the_frontier_is_that_of_plain_loops(found):
    made = candidates(found)
    kept = np.flatnonzero(lowest(made.price, np.ones(made.price.size, dtype=bool)))
    expected = slow_frontier.frontier(found)
    assert [(made.day[i], made.price[i]) for i in kept] == [row[1:3] for row in expected]
    fit = epoch_rule(made)
    assert (fit is None) == (len(expected) < 4)
    if fit is not None:
        factor, _, error = slow_frontier.factor_and_error(expected)
        assert math.log(fit.factor) == pytest.approx(float(factor.ln()), rel=1e-9, abs=1e-9)
        again = line(made.day, np.log10(made.price), np.isin(np.arange(made.price.size), kept))
        assert float(again.standard_error) == pytest.approx(float(error), rel=1e-6, abs=1e-12)


@settings(max_examples=20)
@given(rows, st.floats(0.01, 100.0), st.integers(-3000, 3000), st.randoms())
def test_units_epoch_and_order_do_not_matter(found, scale, shift, random):
    one = trend(found)
    moved = [(model, day + shift, price * scale, score) for model, day, price, score in found]
    random.shuffle(moved)
    other = trend(moved)
    assert (one is None) == (other is None)
    if one is not None:
        assert (other.n, other.span_days) == (one.n, one.span_days)
        for name in ("factor", "t_low", "t_high", "drop_low", "drop_high"):
            ours, theirs = getattr(one, name), getattr(other, name)
            assert (math.isinf(ours) and math.isinf(theirs)) or math.log(theirs or 1e-300) == pytest.approx(
                math.log(ours or 1e-300), rel=1e-6, abs=1e-6
            )


def test_an_exact_fall_comes_out_whatever_is_dropped():
    # Ten times cheaper every 365 days, and dearer models beside: no scatter, so no interval.
    found = [(f"m{i}", 19_000 + 73 * i, 100.0 * 10 ** (-i / 5), 50.0) for i in range(8)]
    found += [(f"dear{i}", 19_010 + 73 * i, 101.0, 60.0) for i in range(8)]
    made = trend(found)
    assert (made.n, made.span_days) == (8, 7 * 73)
    for name in ("factor", "t_low", "t_high", "drop_low", "drop_high"):
        assert getattr(made, name) == pytest.approx(10.0, rel=1e-9)
    assert made.r_squared == pytest.approx(1.0)


def test_threshold_ceiling_and_names_left_out():
    made = candidates([("a", 1, 1.0, 49.9), ("b", 2, 1.0, 50.0), ("c", 3, 1.0, 100.0), ("d", 4, 1.0, 70.0)])
    assert made.model[made.reaching(50.0, 100.0, ["d"])].tolist() == ["b"]
    assert made.model[made.reaching(50.0)].tolist() == ["b", "c", "d"]


def test_the_cheapest_speaks_where_dates_tie_and_an_equal_price_is_no_new_point():
    made = candidates([("dear", 1, 2.0, 50.0), ("cheap", 1, 1.0, 50.0), ("same", 2, 1.0, 50.0), ("less", 3, 0.5, 50.0)])
    kept = lowest(made.price, np.ones(4, dtype=bool))
    assert made.model[kept].tolist() == ["cheap", "less"]


def test_under_four_points_there_is_no_factor():
    assert trend([(f"m{i}", i, 10.0 - i, 50.0) for i in range(3)]) is None


@pytest.mark.parametrize("price", [0.0, -1.0, math.inf, math.nan])
def test_a_price_that_is_none_is_refused(price):
    with pytest.raises(ValueError, match="positive"):
        candidates([("a", 1, price, 50.0)])


def test_resamples_rebuild_the_frontier_as_plain_loops_do():
    generator = np.random.default_rng(7)
    found = [(f"m{i % 14}", 19_000 + 40 * i, float(20 * 0.8**i * generator.uniform(0.5, 2)), 50.0) for i in range(24)]
    made = candidates(found)
    names = np.unique(made.model)
    factors = []
    for drawn in draws(names.size):
        there = {str(name) for name, times in zip(names, drawn, strict=True) if times}
        points = slow_frontier.frontier([row for row in found if row[0] in there])
        if len(points) >= 3:
            factors.append(float(slow_frontier.factor_and_error(points)[0]))
    fit = epoch_rule(made)
    assert fit.resampled_pct == pytest.approx(100 * len(factors) / RESAMPLES)
    assert (fit.ci_low, fit.ci_high) == pytest.approx(tuple(np.quantile(factors, [0.05, 0.95])), rel=1e-9)
    dropped = [
        float(slow_frontier.factor_and_error([p for p in slow_frontier.frontier(found) if p != left])[0])
        for left in slow_frontier.frontier(found)
    ]
    assert (fit.drop_low, fit.drop_high) == pytest.approx((min(dropped), max(dropped)), rel=1e-9)


def test_draws_are_the_same_every_time_and_hold_every_model_equally():
    drawn = draws(9)
    assert drawn.shape == (RESAMPLES, 9)
    assert (drawn.sum(axis=1) == 9).all()
    assert drawn.mean() == pytest.approx(1.0)
    assert np.array_equal(drawn, draws(9))


def test_few_resamples_with_a_factor_give_no_interval():
    low, high, share = ends(np.ones(70), 100)
    assert math.isnan(low)
    assert math.isnan(high)
    assert share == 70.0
    assert ends(np.linspace(1.0, 2.0, 101), 101) == pytest.approx((1.05, 1.95, 100.0))
