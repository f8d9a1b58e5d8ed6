"""Time dummy hedonics against plain least squares with every dummy written out, and against what must hold of them."""

from __future__ import annotations

import csv
import dataclasses
import itertools

import numpy as np
import pytest

from pipelines.economics.index_numbers.hedonic import (
    CollinearFeaturesError,
    Observations,
    collinear,
    time_dummy,
)
from pipelines.economics.index_numbers.hedonic_moments import (
    Moments,
    adjacent,
    draws,
    log_levels,
    windowed,
    with_cluster_effects,
)
from pipelines.economics.index_numbers.windows import spliced

NAMES = ("log_peak", "log_memory", "form")


def market(seed=7, size=240, periods=9, sellers=12, weighted=True):
    """Synthetic: falling prices, two quantities, a dummy, sellers with a level of their own, the odd empty month."""
    rng = np.random.default_rng(seed)
    period = rng.integers(0, periods, size)
    period[period == 5] = 6
    seller = rng.integers(0, sellers, size)
    peak, memory = rng.normal(6, 1, size), rng.normal(4, 0.5, size)
    form = (rng.random(size) < 0.4).astype(float)
    error = rng.normal(0, 0.2, size) * (1 + form) + rng.normal(0, 0.3, sellers)[seller]
    price = np.exp(-0.03 * period + 0.7 * peak + 0.2 * memory + 0.3 * form + error)
    weight = rng.uniform(0.5, 2, size) if weighted else None
    features = np.column_stack([peak, memory, form])
    return Observations.of(price, period, features, NAMES, weight=weight, cluster=seller, periods=periods)


def written_out(data):
    """Estimates and three covariances from a design with one column per period and characteristic, in plain steps."""
    shown = sorted(set(data.period.tolist()))
    dummies = np.array([[float(p == s) for s in shown] for p in data.period])
    x = np.hstack([dummies, data.features])
    w = data.weight
    found = np.linalg.lstsq(x * np.sqrt(w)[:, None], data.log_price * np.sqrt(w), rcond=None)[0]
    e = data.log_price - x @ found
    bread = np.linalg.inv(x.T @ (x * w[:, None]))
    n, p = x.shape
    classical = bread * (w @ e**2) / (n - p)
    robust = n / (n - p) * bread @ sum(np.outer(a, a) for a in x * (w * e)[:, None]) @ bread
    groups = [(x * (w * e)[:, None])[data.cluster == c].sum(axis=0) for c in np.unique(data.cluster)]
    c = len(groups)
    clustered = c / (c - 1) * (n - 1) / (n - p) * bread @ sum(np.outer(g, g) for g in groups) @ bread
    turn = np.eye(p)
    turn[: len(shown), 0] -= 1.0
    return shown, turn @ found, [turn @ v @ turn.T for v in (classical, robust, clustered)], e


@pytest.mark.parametrize("weighted", [False, True])
def test_levels_coefficients_and_their_errors_are_those_of_the_regression_written_out(weighted):
    data = market(weighted=weighted)
    fit = time_dummy(data)
    shown, found, (classical, robust, clustered), e = written_out(data)
    count = len(shown)
    assert fit.log_level[shown] == pytest.approx(found[:count], abs=1e-9)
    assert fit.coefficient == pytest.approx(found[count:], rel=1e-9)
    parameters = [*shown, *range(data.periods, data.periods + 3)]
    for ours, plain in ((fit.classical, classical), (fit.robust, robust), (fit.clustered, clustered)):
        assert ours[np.ix_(parameters, parameters)] == pytest.approx(plain, rel=1e-7, abs=1e-13)
        assert fit.std_error(ours) == pytest.approx(np.sqrt(np.diag(plain)[count:]), rel=1e-8)
    assert fit.variance(fit.clustered)[shown] == pytest.approx(np.diag(clustered)[:count], rel=1e-8, abs=1e-15)
    by_hand = np.exp(found[:count] - np.diag(clustered)[:count] / 2)
    assert fit.corrected(fit.clustered)[shown] == pytest.approx(by_hand, rel=1e-9)
    total = np.average((data.log_price - np.average(data.log_price, weights=data.weight)) ** 2, weights=data.weight)
    assert fit.r2 == pytest.approx(1 - np.average(e**2, weights=data.weight) / total, rel=1e-9)
    assert np.isnan([fit.level[5], fit.variance(fit.clustered)[5]]).all(), "a period nobody priced"
    assert (fit.observations, fit.clusters) == (data.period.size, 12)


def test_without_clusters_each_observation_is_one():
    data = market()
    alone = time_dummy(dataclasses.replace(data, cluster=np.arange(data.period.size)))
    n, c = alone.observations, alone.clusters
    assert alone.clustered == pytest.approx(alone.robust * c / (c - 1) * (n - 1) / n, rel=1e-12, nan_ok=True)


def test_without_characteristics_it_is_the_geometric_mean_of_each_period():
    data = market().only([])
    by_hand = [
        np.exp(np.average(data.log_price[data.period == t], weights=data.weight[data.period == t]))
        if (data.period == t).any()
        else np.nan
        for t in range(data.periods)
    ]
    assert time_dummy(data).level == pytest.approx(np.array(by_hand) / by_hand[0], rel=1e-12, nan_ok=True)


def test_with_a_dummy_per_item_it_is_the_time_product_dummy_as_published_for_turvey(shared):
    """Turvey's fruit by expenditure: 1.526554 in the last month (weights by value; by share 1.522762)."""
    with (shared / "data" / "index_oracles" / "turvey" / "turvey.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["price"] not in ("", "NA") and row["quantity"]]
    months, items = sorted({r["month"] for r in rows}), sorted({r["commodity"] for r in rows})
    price = np.array([float(r["price"]) for r in rows])
    value = price * np.array([float(r["quantity"]) for r in rows])
    period = np.array([months.index(r["month"]) for r in rows])
    dummies = np.array([[float(r["commodity"] == item) for item in items[1:]] for r in rows])
    share = value / np.bincount(period, value)[period]
    for weight, published in ((value, 1.526554), (share, 1.522762)):
        level = time_dummy(Observations.of(price, period, dummies, items[1:], weight=weight)).level
        assert level[-1] == pytest.approx(published, abs=5e-7)


def test_frisch_waugh_lovell_a_characteristic_can_be_taken_out_of_the_others_first():
    data = market()
    whole = time_dummy(data)
    z = data.within(data.features) * np.sqrt(data.weight)[:, None]
    y = data.within(data.log_price) * np.sqrt(data.weight)
    others = z[:, 1:]
    left = z[:, 0] - others @ np.linalg.lstsq(others, z[:, 0], rcond=None)[0]
    assert whole.coefficient[0] == pytest.approx(left @ y / (left @ left), rel=1e-10)
    explained = 1 - (left @ left) / (z[:, 0] @ z[:, 0])
    assert whole.vif[0] == pytest.approx(1 / (1 - explained), rel=1e-9)
    singular = np.linalg.svd(z / np.linalg.norm(z, axis=0), compute_uv=False)
    assert whole.condition == pytest.approx(singular.max() / singular.min(), rel=1e-9)


def test_units_of_price_and_of_a_characteristic_do_not_move_the_index():
    data = market()
    scaled = Observations.of(
        np.exp(data.log_price) * 7.5,
        data.period,
        data.features + np.array([3.0, -2.0, 0.0]),
        NAMES,
        weight=data.weight * 11,
        cluster=data.cluster,
        periods=data.periods,
    )
    assert time_dummy(scaled).level == pytest.approx(time_dummy(data).level, rel=1e-10, nan_ok=True)


def test_prices_that_follow_the_model_exactly_give_it_back():
    rng = np.random.default_rng(3)
    period, z = np.repeat(np.arange(6), 8), rng.normal(size=(48, 2))
    truth = np.array([0.0, -0.1, -0.3, 0.2, 0.1, -0.5])
    fit = time_dummy(Observations.of(np.exp(1 + truth[period] + z @ [0.5, -1.5]), period, z, ("a", "b")))
    assert fit.log_level == pytest.approx(truth, abs=1e-12)
    assert fit.coefficient == pytest.approx([0.5, -1.5], rel=1e-12)
    assert fit.r2 == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (lambda z, t: 2 * z[:, 0] - z[:, 1], "extra is made of log_peak, log_memory"),
        (lambda z, t: np.full(len(t), 3.0), "extra is the same throughout each period"),
        (lambda z, t: t.astype(float), "extra is the same throughout each period"),
    ],
)
def test_what_cannot_be_told_apart_is_named(column, said):
    data = market()
    more = np.column_stack([data.features, column(data.features, data.period)])
    wider = Observations.of(
        np.exp(data.log_price), data.period, more, (*NAMES, "extra"), weight=data.weight, cluster=data.cluster
    )
    with pytest.raises(CollinearFeaturesError, match=said):
        time_dummy(wider)
    kept = [name for name in wider.names if name not in collinear(wider)]
    assert time_dummy(wider.only(kept)).log_level == pytest.approx(time_dummy(data).log_level, nan_ok=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"price": [1.0, 0.0, 1.0]}, "positive"),
        ({"price": [1.0, np.nan, 1.0]}, "positive"),
        ({"features": [[1.0], [np.nan], [2.0]]}, "finite"),
        ({"features": [[1.0], [2.0]]}, "one to one"),
        ({"weight": [1.0, -1.0, 1.0]}, "weights"),
        ({"weight": [0.0, 0.0, 0.0]}, "weights"),
    ],
)
def test_what_is_no_observation_is_refused(change, said):
    good = {"price": [1.0, 2.0, 3.0], "features": [[1.0], [2.0], [3.0]], "weight": [1.0, 1.0, 1.0]}
    given = {name: np.array(value) for name, value in {**good, **change}.items()}
    with pytest.raises(ValueError, match=said):
        Observations.of(given["price"], np.arange(3), given["features"], ("a",), weight=given["weight"])


def test_a_base_without_prices_and_too_few_observations_are_refused():
    with pytest.raises(ValueError, match="base period 5"):
        time_dummy(market(), base=5)
    few = Observations.of(np.array([1.0, 2.0]), np.array([0, 1]), np.array([[1.0], [2.0]]), ("a",))
    with pytest.raises(ValueError, match=r"nothing is left|same throughout"):
        time_dummy(few)


def test_moments_give_the_levels_of_the_regression():
    data = market()
    found = log_levels(Moments.by_cluster(data).total(), 0)
    assert found == pytest.approx(time_dummy(data).log_level, abs=1e-10, nan_ok=True)


def test_a_bootstrap_sample_is_the_regression_on_the_sellers_drawn():
    data = market()
    clusters = int(data.cluster.max()) + 1
    drawn = np.random.default_rng(1).multinomial(clusters, np.full(clusters, 1 / clusters), size=4).astype(float)
    found = log_levels(Moments.by_cluster(data).drawn(drawn), 0)
    for row, times in zip(found, drawn, strict=True):
        weight = data.weight * times[data.cluster]
        sample = Observations.of(
            np.exp(data.log_price), data.period, data.features, NAMES, weight=weight, cluster=data.cluster, periods=9
        )
        assert row == pytest.approx(time_dummy(sample).log_level, abs=1e-9, nan_ok=True)


def test_the_bootstrap_is_the_same_every_time_and_as_wide_as_the_standard_error_says():
    data = market(size=600, sellers=60, weighted=False)
    first, again = (log_levels(Moments.by_cluster(data).drawn(draws(60)), 0) for _ in range(2))
    assert np.array_equal(first, again, equal_nan=True)
    spread = np.nanstd(first[:, -1])
    assert spread == pytest.approx(np.sqrt(time_dummy(data).variance(time_dummy(data).clustered)[-1]), rel=0.2)


def test_windows_are_regressions_of_their_own_and_splice_to_the_whole_where_there_is_one():
    data = market()
    moments = Moments.by_cluster(data).total()
    windows = windowed(moments, 4)
    for end, levels in enumerate(windows):
        inside = (data.period >= end) & (data.period < end + 4)
        if not (data.period == end + 3).any():
            continue
        own = Observations.of(
            np.exp(data.log_price[inside]),
            data.period[inside] - end,
            data.features[inside],
            NAMES,
            weight=data.weight[inside],
            periods=4,
        )
        assert levels == pytest.approx(time_dummy(own, base=3).log_level, abs=1e-9, nan_ok=True)
    (whole,) = windowed(moments, 9)
    assert spliced(whole[None], "mean") == pytest.approx(time_dummy(data).level, nan_ok=True)
    with pytest.raises(ValueError, match="window"):
        windowed(moments, 1)


def test_adjacent_periods_chain_regressions_of_two_periods_over_the_gap():
    data = market()
    level = 0.0
    shown = sorted(set(data.period.tolist()))
    expected = {shown[0]: 0.0}
    for s, t in itertools.pairwise(shown):
        pair = np.isin(data.period, (s, t))
        own = Observations.of(
            np.exp(data.log_price[pair]),
            (data.period[pair] == t).astype(int),
            data.features[pair],
            NAMES,
            weight=data.weight[pair],
        )
        level += time_dummy(own).log_level[1]
        expected[t] = level
    found = adjacent(Moments.by_cluster(data).total())
    assert found[shown] == pytest.approx([expected[t] for t in shown], abs=1e-9)
    assert np.isnan(found[5])


def test_a_level_that_needs_a_price_nobody_paid_is_not_given():
    """All of one form before, all of the other after: the step between them is price or form, and nobody can say."""
    period = np.array([0, 0, 1, 1, 2, 2])
    form = np.array([[0.0], [0.0], [0.0], [0.0], [1.0], [1.0]])
    data = Observations.of(np.array([2.0, 2.1, 1.9, 2.0, 3.0, 3.1]), period, form, ("form",))
    found = log_levels(Moments.by_cluster(data).total(), 0)
    assert np.isnan(found).tolist() == [False, False, True]


def test_effects_of_clusters_are_a_dummy_per_cluster():
    data = market()
    clusters = int(data.cluster.max()) + 1
    times = np.random.default_rng(5).multinomial(clusters, np.full(clusters, 1 / clusters), size=3).astype(float)
    times = np.vstack([np.ones(clusters), times])
    found = with_cluster_effects(Moments.by_cluster(data), times, 0)
    for row, drawn in zip(found, times, strict=True):
        held = np.flatnonzero(drawn)[1:]
        dummies = (data.cluster[:, None] == held).astype(float)
        sample = Observations.of(
            np.exp(data.log_price),
            data.period,
            np.hstack([data.features, dummies]),
            (*NAMES, *map(str, held)),
            weight=data.weight * drawn[data.cluster],
            periods=9,
        )
        assert row == pytest.approx(time_dummy(sample).log_level, abs=1e-8, nan_ok=True)
