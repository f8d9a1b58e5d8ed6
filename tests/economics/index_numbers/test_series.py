"""One index by name: what it rests on, what it refuses, and periods that cannot be compared."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.economics.index_numbers.geary_khamis import geary_khamis
from pipelines.economics.index_numbers.hedonic import time_dummy
from pipelines.economics.index_numbers.panel import Panel
from pipelines.economics.index_numbers.series import METHODS, MULTILATERAL, Request, compute_index
from pipelines.economics.index_numbers.time_dummy import Features, observations
from pipelines.economics.index_numbers.tpd import tpd

NAN = np.nan


def churning(items=30, periods=10, seed=8):
    generator = np.random.default_rng(seed)
    price = np.exp(np.cumsum(generator.normal(0, 0.2, (items, periods)), axis=1))
    price[generator.random(price.shape) < 0.3] = NAN
    return Panel.of(price, quantity=generator.gamma(2.0, 3.0, price.shape))


def requests():
    yield from (Request(method) for method in METHODS if method not in MULTILATERAL)
    yield from (Request(method, output="chained") for method in METHODS if method not in MULTILATERAL)
    for method in ("geks", "gk", "tpd", "tdh"):
        yield Request(method)
        for splice in ("movement", "window", "half", "mean"):
            yield from (Request(method, window=5, splice=splice, splice_on=on) for on in ("recalculated", "published"))
        yield from (Request(method, window=5, splice="fixed-base", expanding=grows) for grows in (False, True))


def features(panel):
    size = np.exp(np.random.default_rng(9).normal(0, 1, panel.log_price.shape[0]))
    return Features.of({"size": size, "dear": (size > 1).astype(float)})


@pytest.mark.parametrize("request_", list(requests()), ids=lambda request: repr(request)[8:60])
def test_every_request_has_a_level_for_every_connected_period_and_the_base_is_one(request_):
    panel = churning()
    found = compute_index(panel, request_, features(panel) if request_.method == "tdh" else None)
    assert np.isfinite(found.level).all()
    assert found.level[0] == pytest.approx(1.0)
    assert (found.matched_items <= found.items).all()
    assert (found.matched_items > 0).all()
    assert ((found.coverage_pct > 0) & (found.coverage_pct <= 100 + 1e-9)).all()
    assert ((found.value_coverage_pct > 0) & (found.value_coverage_pct <= 100 + 1e-9)).all()


def test_names_with_hyphens_are_the_same():
    panel = churning()
    assert compute_index(panel, Request("sato-vartia")).level == pytest.approx(
        compute_index(panel, Request("sato_vartia")).level
    )


ISLANDS = np.array([[1.0, 2.0, NAN, NAN, NAN], [NAN, NAN, 3.0, 9.0, NAN], [NAN, NAN, NAN, 1.0, NAN]])


@pytest.mark.parametrize("method", ["jevons", "fisher", "geks", "gk", "tpd"])
def test_periods_no_shared_item_joins_have_no_level(method):
    panel = Panel.of(ISLANDS, quantity=np.ones((3, 5)))
    found = compute_index(panel, Request(method))
    assert found.level[:2] == pytest.approx([1, 2])
    assert np.isnan(found.level[2:]).all()
    from_third = compute_index(panel, Request(method, base_period=2)).level
    assert from_third[2:4] == pytest.approx([1, 3])
    assert np.isnan(from_third[[0, 1, 4]]).all()


@pytest.mark.parametrize("method", ["tpd", "gk"])
def test_what_was_not_bought_does_not_connect(method):
    price = np.array([[1.0, 2.0, NAN], [NAN, 3.0, 3.0]])
    quantity = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    found = compute_index(Panel.of(price, quantity=quantity), Request(method)).level
    assert found[:2] == pytest.approx([1, 2])
    assert np.isnan(found[2])
    assert compute_index(Panel.of(price), Request("tpd")).level[2] == pytest.approx(2)


@pytest.mark.parametrize("method", ["geks", "tpd", "gk"])
def test_windows_pass_over_a_period_they_do_not_connect(method):
    price = np.array([[1.0, 1.0, NAN, 2.0, 2.0, NAN, 4.0], [NAN, NAN, 7.0, NAN, NAN, 7.0, NAN]])
    panel = Panel.of(price, quantity=np.ones((2, 7)))
    for splice in ("movement", "window", "half", "mean", "fixed-base"):
        found = compute_index(panel, Request(method, window=3, splice=splice)).level
        assert found[[0, 1, 3, 4]] == pytest.approx([1, 1, 2, 2]), splice
        assert np.isnan(found[[2, 5]]).all(), splice
        assert found[6] == pytest.approx(4), splice


def test_a_period_of_one_item_and_a_panel_of_one_item():
    one = Panel.of(np.array([[2.0, 3.0, NAN, 8.0]]), quantity=np.ones((1, 4)))
    for method in ("jevons", "tornqvist", "geks", "tpd", "gk"):
        assert compute_index(one, Request(method)).level == pytest.approx([1, 1.5, NAN, 4], nan_ok=True)
    # An item seen once moves nothing in a method of matched items without shares.
    price = np.array([[1.0, 2.0, 4.0], [NAN, 9.0, NAN]])
    for method in ("jevons", "geks", "tpd"):
        assert compute_index(Panel.of(price), Request(method)).level == pytest.approx([1, 2, 4])


def test_what_a_level_rests_on():
    price = np.array([[1.0, 1.0, 1.0, NAN], [1.0, NAN, 2.0, 2.0], [NAN, NAN, 5.0, NAN]])
    quantity = np.array([[3.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]])
    panel = Panel.of(price, quantity=quantity)
    fixed = compute_index(panel, Request("jevons"))
    assert fixed.items.tolist() == [2, 1, 3, 1]
    assert fixed.matched_items.tolist() == [2, 1, 2, 1]
    assert fixed.coverage_pct == pytest.approx([100, 100, 200 / 3, 100])
    assert fixed.value_coverage_pct == pytest.approx([100, 100, 100 * 3 / 8, 100])
    chained = compute_index(panel, Request("jevons", output="chained"))
    assert chained.link_periods.tolist() == [0, 1, 1, 1]
    assert chained.matched_items.tolist() == [2, 1, 1, 1]
    whole = compute_index(panel, Request("geks"))
    assert whole.matched_items.tolist() == [2, 1, 2, 1]
    rolling = compute_index(panel, Request("geks", window=2))
    assert rolling.matched_items.tolist() == [1, 1, 1, 1]
    assert np.isnan(compute_index(Panel.of(price), Request("jevons")).value_coverage_pct).all()


def test_the_base_period_is_where_the_level_is_one():
    panel = churning()
    for method in ("fisher", "geks", "tpd", "gk"):
        first, third = (compute_index(panel, Request(method, base_period=base)).level for base in (0, 2))
        assert third[2] == pytest.approx(1)
        if method != "fisher":
            assert third == pytest.approx(first / first[2])
    rolling = compute_index(panel, Request("geks", window=5, base_period=3)).level
    assert rolling == pytest.approx(rolling / rolling[3])


def test_defaults_follow_the_quantities():
    priced = churning()
    bare = Panel(priced.log_price, priced.present, priced.weight)
    assert compute_index(priced, Request("geks")).level == pytest.approx(
        compute_index(priced, Request("geks", geks_base="tornqvist")).level
    )
    assert compute_index(bare, Request("geks")).level == pytest.approx(
        compute_index(priced, Request("geks", geks_base="jevons")).level
    )
    assert compute_index(priced, Request("tpd")).level == pytest.approx(tpd(priced, "share"))
    assert compute_index(bare, Request("tpd")).level == pytest.approx(tpd(priced, "none"))


def test_time_product_dummy_is_least_squares_with_every_dummy_written_out():
    panel = churning()
    for weights in ("share", "value", "none"):
        value = panel.price * panel.quantity
        weight = {"share": value / value.sum(axis=0), "value": value, "none": panel.present}[weights]
        item, period = np.nonzero(panel.present)
        row = np.arange(item.size)
        design = np.zeros((item.size, 30 + 9))
        design[row, item] = 1
        later = period > 0
        design[row[later], 29 + period[later]] = 1
        root = np.sqrt(weight[item, period])
        fitted = np.linalg.lstsq(design * root[:, None], panel.log_price[item, period] * root, rcond=None)[0]
        assert tpd(panel, weights) == pytest.approx(np.exp([0, *fitted[30:]]), rel=1e-11)


def test_geary_khamis_solves_its_own_two_equations():
    panel = churning()
    level = geary_khamis(panel)
    price, quantity = panel.price, panel.quantity
    reference = (quantity * price / level).sum(axis=1) / quantity.sum(axis=1)
    again = (price * quantity).sum(axis=0) / (reference @ quantity)
    assert again / again[0] == pytest.approx(level, rel=1e-13)
    two = panel.at(np.array([3, 7]))
    assert geary_khamis(two)[1] == pytest.approx(compute_index(two, Request("gk_bilateral")).level[1])


def test_time_dummy_hands_the_panel_to_the_regression():
    panel = churning()
    known = features(panel)
    fit = time_dummy(observations(panel, known, "share"))
    found = compute_index(panel, Request("tdh"), known)
    assert found.level == pytest.approx(fit.level)
    assert found.corrected_level == pytest.approx(fit.corrected(fit.clustered))
    assert (found.matched_items == found.items).all()
    unweighted = compute_index(panel, Request("tdh", weights="none"), known).level
    assert not np.allclose(unweighted, found.level)
    whole = compute_index(panel, Request("tdh", window=10), known)
    assert whole.level == pytest.approx(found.level)


def test_features_as_the_regression_takes_them():
    made = Features.of({"memory": np.array([80.0, 141.0]), "spot": np.array([0.0, 1.0])})
    assert made.names == ("memory", "spot")
    assert made.values == pytest.approx(np.array([[np.log(80), 0], [np.log(141), 1]]))
    with pytest.raises(ValueError, match="feature change is no dummy"):
        Features.of({"change": np.array([-1.0, 2.0])})
    with pytest.raises(ValueError, match="feature memory has an unknown value"):
        Features.of({"memory": np.array([80.0, NAN])})
    with pytest.raises(ValueError, match="a row of features per item: 30 items"):
        observations(churning(), made)


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (Request("ideal"), "no method 'ideal'; there are carli"),
        (Request("geks", output="chained"), "output is of bilateral methods"),
        (Request("jevons", output="sum"), "no output 'sum'"),
        (Request("jevons", geks_base="fisher"), "a bilateral base is of geks"),
        (Request("geks", geks_base="laspeyres"), "passes time reversal, not 'laspeyres'"),
        (Request("jevons", weights="share"), "weights are of tpd and tdh"),
        (Request("tpd", weights="turnover"), "no weights 'turnover'"),
        (Request("jevons", window=5), "a window is of multilateral methods"),
        (Request("geks", window=11), "a window of 11 periods over 10"),
        (Request("geks", window=1), "a window of 1 periods over 10"),
        (Request("geks", splice="mean"), "a splice needs a window"),
        (Request("geks", window=5, splice="mode"), "no splice 'mode'"),
        (Request("geks", window=4, splice="half"), "odd window, not 4"),
        (Request("geks", window=5, splice_on="paper"), "not 'paper'"),
        (Request("geks", window=5, splice="fixed-base", splice_on="recalculated"), "fixed-base is on published"),
        (Request("geks", window=5, expanding=True), "an expanding window is of the fixed-base splice"),
        (Request("tdh"), "tdh needs features"),
        (Request("geks", base_period=10), "no base period 10 of 10"),
        (Request("lowe", reference_period=-1), "no reference period -1"),
        (Request("geks", missing="drop"), "no treatment 'drop'"),
        (Request("ces", sigma=1.0), "an elasticity of 1 is geometric_laspeyres"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_asked_is_said(request_, says):
    with pytest.raises(ValueError, match=says):
        compute_index(churning(), request_)


@pytest.mark.parametrize(
    "request_",
    [
        Request("fisher"),
        Request("gk"),
        Request("geks", geks_base="walsh"),
        Request("tpd", weights="share"),
        Request("tpd", weights="value"),
    ],
    ids=lambda request: request.method,
)
def test_quantities_that_are_missing_are_said(request_):
    with pytest.raises(ValueError, match="needs quantities, and the panel has none"):
        compute_index(Panel.of(np.ones((2, 3))), request_)


def test_other_refusals():
    panel = churning()
    with pytest.raises(ValueError, match="tdh needs features, and no other method takes them"):
        compute_index(panel, Request("geks"), features(panel))
    with pytest.raises(ValueError, match="too long: shared items join the base to no period before 2, which leaves 3"):
        compute_index(Panel.of(ISLANDS), Request("geks", window=4, base_period=2))
    with pytest.raises(ValueError, match="no price in the base period 4"):
        compute_index(Panel.of(ISLANDS), Request("jevons", base_period=4))
    same = Features.of({"a": np.arange(1.0, 31.0), "b": np.arange(1.0, 31.0) * 7})
    with pytest.raises(ValueError, match="feature b is made of a"):
        compute_index(panel, Request("tdh"), same)


@pytest.mark.parametrize(
    "request_",
    [
        Request("jevons", output="chained", base_period=3),
        Request("lowe", output="chained", base_period=3, reference_period=3),
        *(Request(method, window=2, base_period=3) for method in ("geks", "tpd", "gk")),
        Request("geks", window=2, splice="fixed-base", base_period=3),
        Request("geks", window=2, splice="fixed-base", expanding=True, base_period=3),
    ],
    ids=lambda request: f"{request.method}-{request.splice}",
)
def test_chains_and_windows_begin_where_the_base_is_reached(request_):
    """An empty period and one of another item come before: they have no level, and take none from the others."""
    price = np.array([[NAN, NAN, 2.0, 3.0, 4.0], [NAN, 7.0, NAN, NAN, NAN]])
    found = compute_index(Panel.of(price, quantity=np.ones((2, 5))), request_)
    assert found.level == pytest.approx([NAN, NAN, 2 / 3, 1, 4 / 3], nan_ok=True)
    assert found.matched_items.tolist()[2:] == [1, 1, 1]


def test_a_base_that_no_chain_reaches_is_said():
    # Period 1 shares no item with period 0, only with period 2, which joins the two.
    price = np.array([[1.0, NAN, 2.0], [NAN, 5.0, 5.0]])
    assert compute_index(Panel.of(price), Request("geks", base_period=1)).level == pytest.approx([0.5, 1, 1])
    assert compute_index(Panel.of(price), Request("jevons", output="chained")).level == pytest.approx(
        [1, NAN, 2], nan_ok=True
    )
    with pytest.raises(ValueError, match="jevons: period 1 cannot be the base"):
        compute_index(Panel.of(price), Request("jevons", output="chained", base_period=1))
