"""Yearly factors and their intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pipelines.economics.index_numbers.bilateral import jevons
from pipelines.economics.index_numbers.deflation import (
    REPLICATES,
    SEED,
    annual_change_pct,
    annual_factor,
    interval,
    resampled_links,
)
from pipelines.economics.index_numbers.multilateral import geks
from pipelines.economics.index_numbers.panel import Panel


def test_annual_factor_of_the_documents():
    # M14: 50 times in 2.5 years, 280 times in two, 10 times in two (docs/economics.md#m14).
    assert annual_factor(50, 1, 2.5 * 365) == pytest.approx(4.78, abs=0.005)
    assert annual_factor(280, 1, 2 * 365) == pytest.approx(16.73, abs=0.005)
    assert annual_factor(10, 1, 2 * 365) == pytest.approx(3.16, abs=0.005)
    assert annual_change_pct(2.0) == pytest.approx(-50)


def test_a_replicate_is_the_index_of_the_units_drawn():
    price = np.array([[1.0, 2.0, np.nan], [1.0, np.nan, 3.0], [2.0, 2.0, 2.0], [1.0, 5.0, 4.0]])
    unit = np.array([0, 0, 1, 2])
    draws = np.random.default_rng(SEED).multinomial(3, [1 / 3] * 3, size=REPLICATES)
    replicates = resampled_links(Panel.of(price), unit)
    for drawn, links in zip(draws[:40], replicates[:40], strict=True):
        repeated = np.repeat(price, drawn[unit], axis=0)
        assert links == pytest.approx(jevons(Panel.of(repeated)), nan_ok=True)


def drifting(seed=1, items=40, periods=12):
    generator = np.random.default_rng(seed)
    return Panel.of(np.exp(np.cumsum(generator.normal(-0.05, 0.1, (items, periods)), axis=1)))


def test_an_interval_holds_its_estimate_and_repeats_itself():
    panel = drifting()
    estimate = annual_factor(1.0, float(geks(jevons(panel))[-1]), 335)
    ends = [interval(geks(resampled_links(panel, np.arange(40)))[:, -1], 335) for _ in range(2)]
    assert ends[0] == ends[1]
    assert ends[0][0] < estimate < ends[0][1]


def test_items_of_one_seller_say_less_than_as_many_sellers():
    generator = np.random.default_rng(2)
    seller = np.repeat(np.arange(8), 5)
    shared = np.exp(np.cumsum(generator.normal(-0.05, 0.1, (8, 12)), axis=1))
    panel = Panel.of(shared[seller])

    def width(unit):
        low, high = interval(geks(resampled_links(panel, unit))[:, -1], 335)
        return math.log(high / low)

    assert width(seller) > 1.5 * width(np.arange(40))


def test_no_interval_where_one_unit_carries_the_link():
    # Unit 0 alone joins the first month with the others.
    price = np.full((8, 3), 1.0)
    price[1:, 0] = np.nan
    low, high = interval(geks(resampled_links(Panel.of(price), np.arange(8)))[:, -1], 365)
    assert math.isnan(low)
    assert math.isnan(high)
