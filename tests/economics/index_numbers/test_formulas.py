"""Every bilateral formula: by hand, in plain loops over items with gaps, and what it does where little is left."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest

from pipelines.economics.index_numbers.bilateral import BILATERAL, REVERSIBLE, UNWEIGHTED, links
from pipelines.economics.index_numbers.panel import Panel
from pipelines.economics.index_numbers.weighted import lloyd_moulton, lowe, young
from tests.economics.index_numbers.panels import GOLDEN, oracle

BY_HAND = json.loads((GOLDEN / "index_by_hand.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("formula", sorted(BY_HAND["expected"]))
@pytest.mark.parametrize("others", [False, True], ids=["alone", "among-unmatched"])
def test_by_hand(formula, others):
    price, quantity = np.array(BY_HAND["price"], dtype=float), np.array(BY_HAND["quantity"], dtype=float)
    if others:  # one item leaves, one enters: matched items alone count, and shares are theirs
        price = np.vstack([price, [7.0, np.nan], [np.nan, 0.3]])
        quantity = np.vstack([quantity, [20.0, 5.0], [5.0, 90.0]])
    expected = eval(BY_HAND["expected"][formula], {"sqrt": math.sqrt, "log": math.log})
    found = links(Panel.of(price, quantity=quantity), formula)
    assert math.exp(found[0, 1]) == pytest.approx(expected, rel=1e-14)
    assert found[[0, 1], [0, 1]] == pytest.approx([0, 0], abs=1e-15)


def test_every_formula_but_the_corrected_one_is_worked_by_hand():
    assert BILATERAL.keys() - BY_HAND["expected"].keys() == {"tpd_bilateral_corrected"}


def shares(value):
    return [v / math.fsum(value) for v in value]


def weighted_log(weights, relative):
    return math.exp(math.fsum(w * math.log(r) for w, r in zip(weights, relative, strict=True)) / math.fsum(weights))


def in_loops(p0, q0, p1, q1, qb, vb):
    """All formulas over the matched items of two periods, written out. `qb`, `vb`: quantity and value of period 0."""
    pairs = list(zip(p0, q0, p1, q1, strict=True))
    r = [b / a for a, _, b, _ in pairs]
    w0, w1 = shares([a * x for a, x, _, _ in pairs]), shares([b * y for _, _, b, y in pairs])
    las = sum(b * x for _, x, b, _ in pairs) / sum(a * x for a, x, _, _ in pairs)
    paa = sum(b * y for _, _, b, y in pairs) / sum(a * y for a, _, _, y in pairs)
    volume = sum(a * y for a, _, _, y in pairs) / sum(a * x for a, x, _, _ in pairs)
    ratio = sum(b * y for _, _, b, y in pairs) / sum(a * x for a, x, _, _ in pairs)
    carli = math.fsum(r) / len(r)
    harmonic = len(r) / math.fsum(1 / x for x in r)
    means = [a if a == b else (a - b) / (math.log(a) - math.log(b)) for a, b in zip(w0, w1, strict=True)]
    crossed = [a * b / (a + b) for a, b in zip(w0, w1, strict=True)]
    dummy = weighted_log(crossed, r)
    variance = math.fsum(h * (math.log(x) - math.log(dummy)) ** 2 for h, x in zip(crossed, r, strict=True))
    variance /= max(len(r) - 1, 1) * math.fsum(crossed)
    return {
        "carli": carli,
        "ces": 1 / math.fsum(w / x for w, x in zip(w0, r, strict=True)),
        "cswd": math.sqrt(carli * harmonic),
        "drobish": (las + paa) / 2,
        "dutot": sum(p1) / sum(p0),
        "fisher": math.sqrt(las * paa),
        "geometric_laspeyres": weighted_log(w0, r),
        "geometric_paasche": weighted_log(w1, r),
        "gk_bilateral": sum(b * x * y / (x + y) for _, x, b, y in pairs)
        / sum(a * x * y / (x + y) for a, x, _, y in pairs),
        "harmonic": harmonic,
        "jevons": weighted_log([1] * len(r), r),
        "laspeyres": las,
        "lowe": sum(b * q for b, q in zip(p1, qb, strict=True)) / sum(a * q for a, q in zip(p0, qb, strict=True)),
        "marshall_edgeworth": sum(b * (x + y) for _, x, b, y in pairs) / sum(a * (x + y) for a, x, _, y in pairs),
        "paasche": paa,
        "palgrave": math.fsum(w * x for w, x in zip(w1, r, strict=True)),
        "sato_vartia": weighted_log(means, r),
        "stuvel": (las - volume) / 2 + math.sqrt(((las - volume) / 2) ** 2 + ratio),
        "tornqvist": weighted_log([(a + b) / 2 for a, b in zip(w0, w1, strict=True)], r),
        "tpd_bilateral": dummy,
        "tpd_bilateral_corrected": dummy * math.exp(-variance / 2) if len(r) > 1 else math.nan,
        "walsh": sum(b * math.sqrt(x * y) for _, x, b, y in pairs) / sum(a * math.sqrt(x * y) for a, x, _, y in pairs),
        "young": sum(v * x for v, x in zip(vb, r, strict=True)) / sum(vb) if sum(vb) else math.nan,
    }


def compared(price, quantity, pairs):
    """The largest relative deviation of each formula from the loops, over pairs of periods that share items of 0."""
    panel = Panel.of(price, quantity=quantity)
    by_matrix = {formula: links(panel, formula) for formula in BILATERAL}
    first = ~np.isnan(price[:, 0])
    largest = dict.fromkeys(BILATERAL, 0.0)
    for s, t in pairs:
        both = ~np.isnan(price[:, s]) & ~np.isnan(price[:, t])
        old = both & first
        data = [m[both, u].tolist() for u in (s, t) for m in (price, quantity)]
        looped = in_loops(*data, quantity[both, 0] * first[both], np.nan_to_num(price[both, 0]) * quantity[both, 0])
        if old.any():  # lowe and young: matched in the reference period too
            of_old = [m[old, u].tolist() for u in (s, t) for m in (price, quantity)]
            kept = in_loops(*of_old, quantity[old, 0].tolist(), (price[old, 0] * quantity[old, 0]).tolist())
            looped |= {name: kept[name] for name in ("lowe", "young")}
        for formula, expected in looped.items():
            if not math.isnan(expected):
                deviation = abs(math.exp(by_matrix[formula][s, t]) / expected - 1)
                largest[formula] = max(largest[formula], deviation)
    return largest


def test_gaps_and_churn_in_loops():
    generator = np.random.default_rng(5)
    price = np.exp(generator.normal(0, 1, (12, 9)))
    price[generator.random(price.shape) < 0.35] = np.nan
    price[0] = 1.0
    quantity = np.where(np.isnan(price), 0.0, generator.gamma(2.0, 3.0, price.shape))
    largest = compared(price, quantity, itertools.product(range(9), repeat=2))
    assert max(largest.values()) < 1e-12, largest


def test_real_churn_in_loops(shared):
    price, quantity = oracle(shared, "milk/milk_monthly_unit_values.csv", "prodID", "month", "unit_value", "quantity")
    assert np.isnan(price).any()
    quantity = np.nan_to_num(quantity)
    last = price.shape[1] - 1
    largest = compared(price, quantity, [(t, t + 1) for t in range(last)] + [(0, t) for t in range(1, last + 1)])
    assert max(largest.values()) < 1e-11, largest


@pytest.mark.parametrize("formula", REVERSIBLE)
def test_what_geks_may_rest_on_reverses_in_time(formula):
    generator = np.random.default_rng(6)
    price, quantity = np.exp(generator.normal(0, 1, (2, 7, 5)))
    price[generator.random(price.shape) < 0.3] = np.nan
    found = links(Panel.of(price, quantity=np.nan_to_num(quantity)), formula)
    assert found == pytest.approx(-found.T, abs=1e-13, nan_ok=True)


@pytest.mark.parametrize("formula", sorted(BILATERAL))
def test_no_shared_item_no_link_and_an_empty_period_has_none_to_itself(formula):
    price = np.array([[1.0, 2.0, np.nan, np.nan], [np.nan, np.nan, 3.0, np.nan]])
    found = links(Panel.of(price, quantity=np.ones((2, 4))), formula)
    assert np.isnan(found[:2, 2]).all()
    assert np.isnan(found[2, :2]).all()
    assert np.isnan(found[3]).all()
    assert np.isnan(found[:, 3]).all()


@pytest.mark.parametrize("formula", sorted(BILATERAL.keys() - UNWEIGHTED.keys()))
def test_quantities_are_needed_or_nothing_was_bought(formula):
    price = np.array([[1.0, 2.0], [1.0, 3.0]])
    with pytest.raises(ValueError, match="needs quantities, and the panel has none"):
        links(Panel.of(price), formula)
    nothing = links(Panel.of(price, quantity=np.zeros((2, 2))), formula)
    assert np.isnan(nothing[0, 1])
    # An item that is offered and not bought weighs nothing: the other one alone is the index.
    other = links(Panel.of(price, quantity=np.array([[4.0, 5.0], [0.0, 0.0]])), formula)
    if formula != "tpd_bilateral_corrected":
        assert math.exp(other[0, 1]) == pytest.approx(2.0)


@pytest.mark.parametrize("formula", sorted(BILATERAL.keys() - {"tpd_bilateral_corrected"}))
def test_an_item_of_weight_two_counts_as_two_items(formula):
    generator = np.random.default_rng(7)
    price, quantity = np.exp(generator.normal(0, 1, (2, 4, 3)))
    repeats = np.array([1, 2, 1, 3])
    weighted = links(Panel.of(price, repeats.astype(float), quantity), formula)
    again = Panel.of(np.repeat(price, repeats, axis=0), quantity=np.repeat(quantity, repeats, axis=0))
    assert weighted == pytest.approx(links(again, formula))


def test_reference_period_and_elasticity():
    price = np.array([[1.0, 2.0, 3.0], [2.0, 2.0, 5.0]])
    quantity = np.array([[1.0, 4.0, 9.0], [3.0, 5.0, 7.0]])
    panel = Panel.of(price, quantity=quantity)
    assert math.exp(lowe(panel, 2)[0, 1]) == pytest.approx((2 * 9 + 2 * 7) / (9 + 2 * 7))
    assert math.exp(young(panel, 1)[0, 2]) == pytest.approx((8 * 3 + 10 * 2.5) / 18)
    assert lloyd_moulton(panel, 0.0) == pytest.approx(links(panel, "laspeyres"))
    assert lloyd_moulton(panel, 1 + 1e-7) == pytest.approx(links(panel, "geometric_laspeyres"), abs=1e-6)
    with pytest.raises(ValueError, match="geometric_laspeyres"):
        lloyd_moulton(panel, 1.0)


def test_a_formula_has_a_name():
    with pytest.raises(ValueError, match="no bilateral formula 'ideal'"):
        links(Panel.of(np.ones((1, 2))), "ideal")
