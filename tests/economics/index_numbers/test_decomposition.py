"""Decompositions: hand-worked cases, identities on random panels with churn, and the H100 panel of seven weeks."""

from __future__ import annotations

import csv
import gzip
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.index_numbers.bilateral import jevons
from pipelines.economics.index_numbers.chaining import chained, fixed_base
from pipelines.economics.index_numbers.decomposition import (
    RULES,
    by_item,
    in_logs,
    level_change,
    logarithmic_mean,
    status,
)
from pipelines.economics.index_numbers.multilateral import geks
from pipelines.economics.index_numbers.panel import Panel

NAN = math.nan


def test_by_hand():
    """Two stay (2 to 1, 4 to 4), one leaves at 9, one enters at 3: worked on paper."""
    earlier, later = np.array([2.0, 4.0, 9.0, NAN]), np.array([1.0, 4.0, NAN, 3.0])
    parts = level_change(earlier, later)
    assert parts.price.tolist() == [-0.5, 0.0, 0.0, 0.0]
    assert parts.share.tolist() == [0.0, 0.0, 0.0, 0.0]
    assert parts.exit == pytest.approx([0, 0, (3.0 - 9.0) / 3, 0]), "five without the leaver, three with the stayers"
    assert parts.entry == pytest.approx([0, 0, 0, (3.0 - 2.5) / 3])
    assert parts.total == pytest.approx(8 / 3 - 15 / 3)


def test_foster_haltiwanger_krizan_by_hand():
    """Shares 1/2, 1/2 become 1/4, 3/4 at values 1, 3: within and between of the 2001 formula, cross split in two."""
    earlier, later = np.array([1.0, 3.0]), np.array([2.0, 3.0])
    before, after = np.array([0.5, 0.5]), np.array([0.25, 0.75])
    parts = level_change(earlier, later, before, after, rule="foster_haltiwanger_krizan")
    within, between, cross = 0.5, -0.25 * (1 - 2) + 0.25 * (3 - 2), -0.25 * 1.0
    assert parts.price.sum() == pytest.approx(within + cross / 2)
    assert parts.share.sum() == pytest.approx(between + cross / 2)


@st.composite
def two_periods(draw):
    """Values and shares of items of which two stay, one comes and one goes, at least."""
    count = draw(st.integers(4, 9))
    values = st.lists(st.floats(0.01, 100), min_size=count, max_size=count)
    first, second = np.array(draw(values)), np.array(draw(values))
    shares = [np.array(draw(st.lists(st.floats(0.01, 1), min_size=count, max_size=count))) for _ in "st"]
    kind = np.array(draw(st.permutations([0, 0, 1, 2, *[0, 1, 2, 0, 1][: count - 4]])))
    return np.where(kind == 1, NAN, first), np.where(kind == 2, NAN, second), *shares


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=40, deadline=None)
@given(case=two_periods(), order=st.randoms(use_true_random=False))
def test_parts_add_up_and_do_not_mind_order_or_units(rule, case, order):
    earlier, later, before, after = case
    parts = level_change(earlier, later, before, after, rule)
    present, kept = ~np.isnan(earlier), ~np.isnan(later)
    total = np.average(later[kept], weights=after[kept]) - np.average(earlier[present], weights=before[present])
    assert parts.total == pytest.approx(total, abs=1e-10)

    turn = list(range(earlier.size))
    order.shuffle(turn)
    again = level_change(earlier[turn], later[turn], before[turn], after[turn], rule)
    for name in ("price", "share", "entry", "exit"):
        assert getattr(again, name) == pytest.approx(getattr(parts, name)[turn], abs=1e-10)
        shifted = level_change(earlier + 7.0, later + 7.0, before, after, rule)
        assert getattr(shifted, name).sum() == pytest.approx(getattr(parts, name).sum(), abs=1e-9)


@pytest.mark.parametrize("rule", ["diewert_fox", "griliches_regev"])
@settings(max_examples=40, deadline=None)
@given(case=two_periods())
def test_symmetric_rules_turn_their_sign_when_time_does(rule, case):
    earlier, later, before, after = case
    there, back = level_change(earlier, later, before, after, rule), level_change(later, earlier, after, before, rule)
    assert back.price == pytest.approx(-there.price, abs=1e-10)
    assert back.share == pytest.approx(-there.share, abs=1e-10)
    assert back.entry == pytest.approx(-there.exit, abs=1e-10)
    assert back.exit == pytest.approx(-there.entry, abs=1e-10)


@settings(max_examples=40, deadline=None)
@given(case=two_periods())
def test_equal_shares_and_log_prices_give_the_matched_jevons(case):
    earlier, later, *_ = case
    parts = level_change(np.log(earlier), np.log(later))
    both = ~np.isnan(earlier) & ~np.isnan(later)
    assert parts.price.sum() == pytest.approx(np.log(later[both] / earlier[both]).mean(), abs=1e-10)
    assert parts.share == pytest.approx(np.zeros(earlier.size), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(case=two_periods())
def test_an_arithmetic_mean_in_logs(case):
    earlier, later, *_ = case
    start, end = np.nanmean(earlier), np.nanmean(later)
    parts = level_change(earlier, later)
    logs = sum(in_logs(part, start, end).sum() for part in (parts.price, parts.share, parts.entry, parts.exit))
    assert logs == pytest.approx(math.log(end / start), abs=1e-9)


def test_logarithmic_mean():
    assert logarithmic_mean(1.0, math.e) == pytest.approx(math.e - 1)
    assert logarithmic_mean(3.0, 3.0) == 3.0
    assert logarithmic_mean(2.0, 5.0) == pytest.approx(logarithmic_mean(5.0, 2.0))
    with pytest.raises(ValueError, match="positive"):
        logarithmic_mean(0.0, 1.0)


def test_what_cannot_be_decomposed_says_so():
    with pytest.raises(ValueError, match="nothing stayed"):
        level_change(np.array([1.0, NAN]), np.array([NAN, 1.0]))
    with pytest.raises(ValueError, match="no average"):
        level_change(np.array([NAN, NAN]), np.array([NAN, 1.0]))
    with pytest.raises(ValueError, match="no rule"):
        level_change(np.array([1.0]), np.array([1.0]), rule="guess")
    with pytest.raises(ValueError, match="shares"):
        level_change(np.array([1.0]), np.array([1.0]), np.array([0.0]), np.array([1.0]))
    panel = Panel.of(np.array([[1.0, NAN, NAN], [NAN, 1.0, 2.0]]))
    for method in ("fixed", "chained", "geks"):
        with pytest.raises(ValueError, match=r"item|linked"):
            by_item(panel, method, 0, 2)
    with pytest.raises(ValueError, match="no method"):
        by_item(panel, "carli", 0, 1)


@st.composite
def churning(draw):
    """A panel of up to 8 items over up to 7 periods in which the first item is always priced."""
    items, periods = draw(st.integers(2, 8)), draw(st.integers(2, 7))
    cells = st.one_of(st.just(NAN), st.floats(0.05, 50))
    price = np.array(draw(st.lists(cells, min_size=items * periods, max_size=items * periods))).reshape(items, periods)
    price[0] = draw(st.lists(st.floats(0.05, 50), min_size=periods, max_size=periods))
    weight = np.array(draw(st.lists(st.floats(0.1, 3), min_size=items, max_size=items)))
    return Panel.of(price, weight)


@settings(max_examples=50, deadline=None)
@given(panel=churning(), data=st.data())
def test_items_add_up_to_every_index(panel, data):
    base = data.draw(st.integers(0, panel.periods - 1))
    last = data.draw(st.integers(0, panel.periods - 1))
    links = jevons(panel)
    level, _ = chained(links)
    expected = {
        "fixed": fixed_base(links, base)[last],
        "chained": level[last] / level[base],
        "geks": geks(links, base)[last],
    }
    for method, index in expected.items():
        assert by_item(panel, method, base, last).sum() == pytest.approx(math.log(index), abs=1e-9), method


def test_geks_where_some_pairs_share_nothing():
    """Three joined only in a ring of periods: least squares, and the items still add up."""
    price = np.array([[1.0, 2.0, NAN, NAN], [NAN, 3.0, 4.0, NAN], [NAN, NAN, 5.0, 4.0], [2.0, NAN, NAN, 3.0]])
    panel = Panel.of(price)
    parts = by_item(panel, "geks", 0, 2)
    assert parts.sum() == pytest.approx(math.log(geks(jevons(panel))[2]))
    assert (parts != 0).all()


def test_status():
    panel = Panel.of(
        np.array(
            [
                [1.0, 1.0, 1.0, 1.0],
                [1.0, NAN, NAN, 1.0],
                [NAN, 1.0, 1.0, 1.0],
                [1.0, 1.0, NAN, NAN],
                [NAN, 1.0, NAN, NAN],
                [NAN, 1.0, NAN, 1.0],
                [NAN, NAN, NAN, 1.0],
            ]
        )
    )
    assert status(panel, 0, 3).tolist() == [
        "continuing",
        "returning",
        "entered",
        "left",
        "passing",
        "returning",
        "entered",
    ]
    assert status(panel, 1, 2).tolist() == ["continuing", "", "continuing", "left", "left", "left", ""]


def test_seven_weeks_of_the_h100_seller_by_seller(shared):
    """One tracker's on-demand quotes of the H100 SXM by the day: why its average rose by a third and its indices not.

    Stated in docs/index_numbers.md: average +34.7%, chained +1.2%, direct 0.0%. GEKS-Jevons is -1.29% over the same 17
    items in any form tried (item with or without least GPU count, 49 days or every seventh, gaps filled or not:
    -1.24 to -1.57). The -0.8% stated comes out over all 24 quotes, spot, community and serverless among them
    (-0.84%), which docs/index_numbers.md forbids to mix.
    """
    path = shared / "data" / "gpu_rates" / "gpurentalprices_daily.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["gpu"] == "h100-sxm"]
    sellers, panel = _by_day([row for row in rows if row["kind"] in ("on-demand", "secure")])
    last = panel.periods - 1
    price = np.where(panel.present > 0, np.exp(panel.log_price), np.nan)

    def by_seller(parts):
        sums = {seller: float(parts[sellers == seller].sum()) for seller in sorted(set(sellers))}
        return {seller: round(value, 4) for seller, value in sums.items() if abs(value) > 5e-5}

    average = level_change(price[:, 0], price[:, last])
    assert average.total / np.nanmean(price[:, 0]) == pytest.approx(0.347, abs=5e-4)
    assert by_seller(average.price) == by_seller(average.exit) == {}, "both that stayed ask what they asked"
    entry = by_seller(average.entry)
    assert entry.pop("aws") == pytest.approx((12.29 - 3.64) / 10), "entry is held against the two that stayed"
    assert entry.pop("azure") == pytest.approx((11.061 - 3.64) / 10, abs=1e-4)
    assert sum(entry.values()) == pytest.approx(-0.3439, abs=1e-3), "all others entered below"

    geometric = level_change(np.log(price[:, 0]), np.log(price[:, last]))
    assert math.expm1(geometric.total) == pytest.approx(0.136, abs=5e-3), "the geometric level rises less"

    assert status(panel, 0, last)[sellers == "runpod"].tolist() == ["returning"]
    chain = by_seller(by_item(panel, "chained", 0, last))
    assert chain == {"runpod": 0.0096, "scaleway": 0.0024}, "a rebound whose fall lay in a gap; an exchange rate"
    assert by_seller(by_item(panel, "fixed", 0, last)) == {}
    multilateral = by_item(panel, "geks", 0, last)
    assert math.expm1(multilateral.sum()) == pytest.approx(-0.0129, abs=5e-5)
    assert by_seller(multilateral)["runpod"] < 0 < by_seller(multilateral)["scaleway"]

    every = _by_day(rows)[1]
    assert geks(jevons(every))[-1] - 1 == pytest.approx(-0.0084, abs=5e-5)


def _by_day(rows):
    """Sellers and panel of a tracker's rows: an item is a seller, kind and least number of GPUs."""
    items = sorted({(row["provider"], row["kind"], row["min_gpus"]) for row in rows})
    days = sorted({row["as_of"] for row in rows})
    price = np.full((len(items), len(days)), np.nan)
    for row in rows:
        cell = items.index((row["provider"], row["kind"], row["min_gpus"])), days.index(row["as_of"])
        price[cell] = np.fmin(price[cell], float(row["usd_hr"]))
    return np.array([seller for seller, _, _ in items]), Panel.of(price)
