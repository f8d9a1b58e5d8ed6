"""Index numbers against their axioms, a naive second implementation and published values."""

from __future__ import annotations

import csv
import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipelines.economics.index_numbers import jevons
from pipelines.economics.index_numbers.deflation import (
    annual_change_pct,
    annual_factor,
    interval,
    resampled_links,
)
from pipelines.economics.index_numbers.geks import geks
from pipelines.economics.index_numbers.jevons import log_links
from pipelines.economics.index_numbers.panel import Panel

PRICES = st.floats(0.01, 100.0)
FULL = arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(2, 6)), elements=PRICES)


def geks_jevons(panel):
    return geks(log_links(panel))


def fixed_base(panel):
    return jevons.fixed_base(log_links(panel))


def chained(panel):
    return jevons.chained(log_links(panel))


def naive_jevons(price, s, t):
    relatives = [row[t] / row[s] for row in price if not math.isnan(row[s]) and not math.isnan(row[t])]
    return math.prod(relatives) ** (1 / len(relatives)) if relatives else math.nan


def naive_geks(price):
    periods = price.shape[1]
    return [
        math.prod((naive_jevons(price, 0, k) * naive_jevons(price, k, t)) ** (1 / periods) for k in range(periods))
        for t in range(periods)
    ]


@settings(max_examples=80, deadline=None)
@given(FULL)
def test_it_agrees_with_the_textbook_formulas_item_by_item(price):
    panel = Panel.of(price)
    for s, t in itertools.product(range(price.shape[1]), repeat=2):
        assert math.exp(log_links(panel)[s, t]) == pytest.approx(naive_jevons(price, s, t))
    assert geks_jevons(panel) == pytest.approx(naive_geks(price))


@settings(max_examples=60, deadline=None)
@given(FULL, st.floats(0.1, 10))
def test_axioms(price, factor):
    panel = Panel.of(price)
    same = np.repeat(price[:, :1], price.shape[1], axis=1)
    grown = price.copy()
    grown[:, -1] = price[:, 0] * factor
    for index in (fixed_base, geks_jevons, lambda p: chained(p)[0]):
        assert index(Panel.of(same)) == pytest.approx(np.ones(price.shape[1])), "identity"
        assert index(Panel.of(price[::-1])) == pytest.approx(index(panel)), "order of items"
        units = np.arange(1, price.shape[0] + 1)[:, None]
        assert index(Panel.of(price * units)) == pytest.approx(index(panel)), "units of items"
    assert fixed_base(Panel.of(grown))[-1] == pytest.approx(factor), "proportionality"
    backward = geks_jevons(Panel.of(price[:, ::-1]))
    assert backward[-1] == pytest.approx(1 / geks_jevons(panel)[-1]), "time reversal"


GAPS = arrays(np.float64, st.tuples(st.integers(2, 7), st.integers(3, 6)), elements=st.one_of(PRICES, st.just(np.nan)))


@settings(max_examples=80, deadline=None)
@given(GAPS)
def test_with_gaps_geks_stays_transitive_and_covers_what_is_connected(price):
    assume((~np.isnan(price)).any(axis=0).all())
    level = geks_jevons(Panel.of(price))
    links = log_links(Panel.of(price))
    reached = np.flatnonzero(~np.isnan(level))
    for base in reached[1:]:
        order = [base, *[p for p in range(price.shape[1]) if p != base]]
        moved = geks_jevons(Panel.of(price[:, order]))
        assert moved[order.index(0)] == pytest.approx(1 / level[base])
    # A period is out of reach exactly when no path of shared items leads to it.
    for t in set(range(price.shape[1])) - set(reached):
        assert np.isnan(links[t, reached]).all()


def test_a_chain_bridges_a_gap_by_items_seen_on_both_sides_and_says_how_far():
    price = np.array([[1.0, np.nan, 2.0], [np.nan, 5.0, np.nan]])
    level, reach = chained(Panel.of(price))
    assert level[[0, 2]] == pytest.approx([1, 2])
    assert np.isnan(level[1])
    assert reach.tolist() == [0, 0, 2]


@pytest.mark.parametrize("bad", [0.0, -1.0, np.inf])
def test_prices_without_a_logarithm_are_refused(bad):
    with pytest.raises(ValueError, match="positive and finite"):
        Panel.of(np.array([[1.0, bad]]))


def test_annual_factor_of_the_documents():
    # M14: 50 times in 2.5 years, 280 times in two, 10 times in two (economics.md).
    assert annual_factor(50, 1, 2.5 * 365) == pytest.approx(4.78, abs=0.005)
    assert annual_factor(280, 1, 2 * 365) == pytest.approx(16.73, abs=0.005)
    assert annual_factor(10, 1, 2 * 365) == pytest.approx(3.16, abs=0.005)
    assert annual_change_pct(2.0) == pytest.approx(-50)


def test_an_interval_holds_its_estimate_and_repeats_itself():
    generator = np.random.default_rng(1)
    price = np.exp(np.cumsum(generator.normal(-0.05, 0.1, (40, 12)), axis=1))
    panel = Panel.of(price)
    estimate = annual_factor(1.0, float(geks_jevons(panel)[-1]), 335)
    low, high = interval(geks(resampled_links(panel))[:, 11], 335)
    assert low < estimate < high
    assert interval(geks(resampled_links(panel))[:, 11], 335) == (low, high)


def test_a_replicate_is_the_index_of_the_items_drawn():
    price = np.array([[1.0, 2.0, np.nan], [1.0, np.nan, 3.0], [2.0, 2.0, 2.0]])
    draws = np.random.default_rng(20_261_110).multinomial(3, [1 / 3] * 3, size=200)
    replicates = resampled_links(Panel.of(price))
    for drawn, links in zip(draws[:20], replicates[:20], strict=True):
        repeated = np.repeat(price, drawn, axis=0)
        assert links == pytest.approx(log_links(Panel.of(repeated)), nan_ok=True)


def read_panel(path, item, period, price):
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    items, periods = sorted({r[item] for r in rows}), sorted({r[period] for r in rows}, key=_order)
    matrix = np.full((len(items), len(periods)), np.nan)
    for row in rows:
        if row[price] not in ("", "NA"):
            matrix[items.index(row[item]), periods.index(row[period])] = float(row[price])
    return matrix


def _order(text):
    return float(text) if text.replace(".", "").isdigit() else text


def test_published_turvey_geks_jevons(shared):
    # Turvey's artificial data set as IndexNumR and the CPI literature publish it (index_numbers.md): 1.169337.
    path = shared / "data" / "index_oracles" / "turvey" / "turvey.csv"
    head = path.open(encoding="utf-8").readline().strip().replace('"', "").split(",")
    period = next(h for h in head if h.lower() in ("month", "period", "time"))
    item = next(h for h in head if h.lower() in ("commodity", "item", "prodid", "product"))
    price = next(h for h in head if h.lower() == "price")
    assert geks_jevons(Panel.of(read_panel(path, item, period, price)))[-1] == pytest.approx(1.169337, abs=5e-7)
