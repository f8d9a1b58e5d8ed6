"""Rolling windows and splices against the formulas of docs/index_numbers.md, one period after another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipelines.economics.index_numbers.bilateral import jevons
from pipelines.economics.index_numbers.geary_khamis import geary_khamis, log_geary_khamis
from pipelines.economics.index_numbers.multilateral import geks
from pipelines.economics.index_numbers.panel import Panel
from pipelines.economics.index_numbers.tpd import log_tpd, tpd
from pipelines.economics.index_numbers.windows import (
    SPLICES,
    every_window,
    fixed_base_windows,
    geks_within,
    panel_within,
    spliced,
    windowed,
)
from tests.economics.index_numbers import naive

PRICES = st.one_of(st.floats(0.1, 10.0), st.just(np.nan))


@st.composite
def panels(draw):
    """Panels with gaps in which the first item is always there, so that every pair of periods has a link."""
    price = draw(arrays(np.float64, st.tuples(st.integers(2, 5), st.integers(5, 9)), elements=PRICES))
    price[0] = draw(arrays(np.float64, price.shape[1], elements=st.floats(0.1, 10.0)))
    return price


@settings(max_examples=40, deadline=None)
@given(panels(), st.sampled_from(SPLICES), st.booleans())
def test_a_splice_is_its_formula(price, splice, recalculated):
    windows = windowed(jevons(Panel.of(price)), 5)
    level = spliced(windows, splice, recalculated=recalculated)
    assert level == pytest.approx(naive.rolling(price, 5, splice, recalculated))


@settings(max_examples=20, deadline=None)
@given(panels(), st.sampled_from(SPLICES))
def test_one_window_over_all_periods_is_the_whole_index(price, splice):
    links = jevons(Panel.of(price))
    periods = price.shape[1] - (splice == "half" and price.shape[1] % 2 == 0)
    links = links[:periods, :periods]
    assert spliced(windowed(links, periods), splice) == pytest.approx(geks(links))


def test_what_was_published_is_never_revised():
    price = np.exp(np.random.default_rng(3).normal(0, 0.3, (6, 12)))
    links = jevons(Panel.of(price))
    for splice in SPLICES:
        early = spliced(windowed(links[:9, :9], 5), splice)
        assert spliced(windowed(links, 5), splice)[:9] == pytest.approx(early)


def test_replicates_are_spliced_one_by_one():
    generator = np.random.default_rng(4)
    stack = np.stack([jevons(Panel.of(np.exp(generator.normal(0, 0.3, (6, 9))))) for _ in range(3)])
    together = spliced(windowed(stack, 5), "mean")
    for links, level in zip(stack, together, strict=True):
        assert level == pytest.approx(spliced(windowed(links, 5), "mean"))


def test_a_period_no_window_connects_has_no_level_and_the_next_links_past_it():
    price = np.array([[1.0, 1.0, 1.0, np.nan, 2.0, 2.0], [np.nan, np.nan, np.nan, 7.0, np.nan, np.nan]])
    level = spliced(windowed(jevons(Panel.of(price)), 3), "movement")
    assert level[[0, 1, 2, 4, 5]] == pytest.approx([1, 1, 1, 2, 2])
    assert np.isnan(level[3])


def test_a_window_fits_the_series_and_a_splice_has_a_name():
    links = np.zeros((4, 4))
    for window in (1, 5):
        with pytest.raises(ValueError, match=f"a window of {window} periods over 4"):
            windowed(links, window)
    with pytest.raises(ValueError, match="no splice 'mode'"):
        spliced(windowed(links, 3), "mode")
    with pytest.raises(ValueError, match="odd window, not 4"):
        spliced(windowed(links, 4), "half")


def fixed_base_in_loops(price, window, base, expanding):
    """I_t = I_b pi(b,t), b the latest base month before t, one every window - 1 periods."""
    level = [1.0] if expanding else naive.geks(price, 0, window)
    for t in range(len(level), price.shape[1]):
        months = [s for s in range(t) if (s - base) % (window - 1) == 0]
        month = months[-1] if months else 0
        start = month if expanding else t - window + 1
        here = naive.geks(price, start, t + 1)
        level.append(level[month] * here[t - start] / here[month - start])
    return level


@settings(max_examples=40, deadline=None)
@given(panels(), st.integers(0, 3), st.booleans())
def test_the_fixed_base_splice_is_its_formula(price, base, expanding):
    links = jevons(Panel.of(price))
    level = fixed_base_windows(geks_within(links), price.shape[1], 4, base=base, expanding=expanding)
    assert level == pytest.approx(fixed_base_in_loops(price, 4, base, expanding))


@pytest.mark.parametrize(("log_levels", "levels"), [(log_tpd, tpd), (log_geary_khamis, geary_khamis)])
def test_any_method_is_computed_anew_in_every_window(log_levels, levels):
    generator = np.random.default_rng(10)
    panel = Panel.of(np.exp(generator.normal(0, 0.3, (6, 12))), quantity=generator.gamma(2.0, 1.0, (6, 12)))
    windows = every_window(panel_within(panel, lambda part, base: log_levels(part, base=base)), 12, 5)
    for end in range(8):
        assert np.exp(windows[end]) == pytest.approx(levels(panel.at(np.arange(end, end + 5)), base=-1))


def test_the_first_window_stands_where_its_last_period_is_out_of_reach():
    price = np.array([[1.0, 2.0, np.nan, 4.0], [np.nan, np.nan, 7.0, np.nan]])
    links = jevons(Panel.of(price))
    first = geks_within(links)(0, 3, 0)
    level = spliced(windowed(links, 3), "mean", first=first)
    assert level[[0, 1, 3]] == pytest.approx([1, 2, 4])
    assert np.isnan(level[2])


def test_a_fixed_base_is_one_of_the_periods():
    with pytest.raises(ValueError, match="the base month is period 4 of 4"):
        fixed_base_windows(geks_within(np.zeros((4, 4))), 4, 3, base=4)
