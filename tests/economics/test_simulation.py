"""Simulation against what is known without it: analytic means, variances and shares, and its own reproducibility."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute
from pipelines.economics.formula import formula
from pipelines.economics.simulation import BLOCK, Leaf, drawn, operand_graph, simulate

HOURS = 8760.0


@formula(unit="1", source="synthetic")
def synthetic_sum(a: pl.Expr, b: pl.Expr, c: pl.Expr) -> pl.Expr:
    """a + 2 b + 5 c."""
    return a + 2.0 * b + 5.0 * c


@formula(unit="1", source="synthetic")
def synthetic_product(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    """a b."""
    return a * b


SYNTHETIC = (synthetic_sum, synthetic_product)


def ranged(**ends: tuple[float, float, float]) -> dict[str, float]:
    row = {}
    for name, (low, base, high) in ends.items():
        row |= {name: base, f"{name}_low": low, f"{name}_high": high}
    return row


def triangular(low: float, base: float, high: float) -> tuple[float, float]:
    """Mean and variance, from the textbook."""
    a, b, c = low, high, base
    return (a + b + c) / 3, (a * a + b * b + c * c - a * b - a * c - b * c) / 18


def uniform(low: float, base: float, high: float) -> tuple[float, float]:
    return (low + high) / 2, (high - low) ** 2 / 12


def pert(low: float, base: float, high: float) -> tuple[float, float]:
    mean = (low + 4 * base + high) / 6
    return mean, (mean - low) * (high - mean) / 7


ENDS = {"a": (0.0, 1.0, 4.0), "b": (2.0, 2.5, 3.0), "c": (-0.2, 0.0, 0.1)}
WEIGHTS = {"a": 1.0, "b": 2.0, "c": 5.0}


@pytest.mark.parametrize(("shape", "moments"), [("triangular", triangular), ("uniform", uniform), ("pert", pert)])
def test_mean_deviation_and_shares_of_a_sum_are_the_analytic_ones(shape, moments):
    graph = operand_graph(ranged(**ENDS), ["synthetic_sum"], only=SYNTHETIC)
    (made,) = simulate(graph, ["synthetic_sum"], draws=400_000, seed=3, shape=shape)
    variances = {name: WEIGHTS[name] ** 2 * moments(*ends)[1] for name, ends in ENDS.items()}
    mean = sum(WEIGHTS[name] * moments(*ends)[0] for name, ends in ENDS.items())
    variance = sum(variances.values())
    assert made.mean == pytest.approx(mean, abs=5 * math.sqrt(variance / 400_000))
    assert made.deviation == pytest.approx(math.sqrt(variance), rel=0.01)
    for name in ENDS:
        assert made.shares[name] == pytest.approx(variances[name] / variance, abs=0.01)
    assert made.interaction == pytest.approx(0.0, abs=0.01)
    assert list(made.shares) == sorted(ENDS, key=lambda name: -variances[name])


def test_interaction_of_a_product_is_the_analytic_one():
    ends = {"a": (-1.0, 0.0, 1.0), "b": (1.0, 1.5, 2.0)}
    graph = operand_graph(ranged(**ends), ["synthetic_product"], only=SYNTHETIC)
    (made,) = simulate(graph, ["synthetic_product"], draws=400_000, seed=5, shape="uniform")
    (mean_a, var_a), (mean_b, var_b) = uniform(*ends["a"]), uniform(*ends["b"])
    whole = var_a * mean_b**2 + var_b * mean_a**2 + var_a * var_b
    assert made.shares["a"] == pytest.approx(var_a * mean_b**2 / whole, abs=0.01)
    assert made.shares["b"] == pytest.approx(var_b * mean_a**2 / whole, abs=0.01)
    assert made.interaction == pytest.approx(var_a * var_b / whole, abs=0.01)


FACTORY = ranged(
    rental_usd_per_gpu_hour=(2.2, 3.0, 4.0),
    tokens_per_s_per_rack=(25_000.0, 50_000.0, 100_000.0),
    inference_share=(0.35, 0.5, 0.65),
    realised_price_share=(0.3, 0.5, 0.8),
) | {"gpus": 100_000.0, "gpus_per_rack": 72.0, "mix_price_usd_per_mtok": 6.67}


def test_the_factory_is_the_same_sum_written_in_numpy():
    graph = operand_graph(FACTORY, ["factory_contribution_usd"])
    (made,) = simulate(graph, ["factory_contribution_usd"], draws=200_000, seed=7)
    random = np.random.default_rng(99)  # other draws of the same distributions
    rent = random.triangular(2.2, 3.0, 4.0, 200_000)
    tokens = random.triangular(25_000, 50_000, 100_000, 200_000)
    used = random.triangular(0.35, 0.5, 0.65, 200_000)
    realised = random.triangular(0.3, 0.5, 0.8, 200_000)
    hours = math.ceil(100_000 / 72) * HOURS
    contribution = hours * used * tokens * 0.0036 * 6.67 * realised - hours * 72 * rent
    near = 6 * contribution.std() / math.sqrt(200_000)
    assert made.mean == pytest.approx(contribution.mean(), abs=near)
    for q, value in made.quantiles.items():
        assert value == pytest.approx(np.quantile(contribution, q), abs=3 * near)
    assert made.base == pytest.approx(1_023_906_906.0)
    assert made.low < made.quantiles[0.1] < made.quantiles[0.5] < made.quantiles[0.9] < made.high


@settings(max_examples=8, deadline=None)
@given(chunk=st.integers(1, 9), seed=st.integers(0, 2**32), over=st.integers(2, 3 * BLOCK))
def test_the_result_is_the_seeds_and_not_the_chunks(chunk, seed, over):
    graph = operand_graph(FACTORY, ["factory_contribution_usd"])
    one, other = (
        simulate(graph, ["factory_contribution_usd"], draws=over, seed=seed, blocks_per_chunk=size)
        for size in (4, chunk)
    )
    assert one == other


def test_another_seed_is_another_result():
    graph = operand_graph(FACTORY, ["factory_contribution_usd"])
    one, other = (simulate(graph, ["factory_contribution_usd"], draws=10_000, seed=seed) for seed in (1, 2))
    assert one[0].mean != other[0].mean


def test_an_operands_draws_do_not_depend_on_its_neighbours():
    leaf = Leaf("a", 1.0, 0.0, 4.0)
    assert (drawn(leaf, 3, 0)[:100] == drawn(leaf, 3, 0, 100)).all()
    assert not (drawn(leaf, 3, 0) == drawn(leaf, 3, 1)).any()


def test_one_operand_under_both_sides_of_a_difference_is_drawn_once():
    """Contribution per MW: the racks stand above and below the line and cancel."""
    row = FACTORY | ranged(racks=(1_000.0, 1_389.0, 2_000.0)) | {"kw_per_rack": 120.0}
    figure = "contribution_usd_per_it_mw_year"
    (made,) = simulate(operand_graph(row, [figure]), [figure], draws=100_000, seed=1)
    assert made.shares["racks"] == pytest.approx(0.0, abs=0.002)


def test_a_figure_without_ranges_does_not_vary():
    row = {name: value for name, value in FACTORY.items() if not name.endswith(("_low", "_high"))}
    graph = operand_graph(row, ["factory_contribution_usd"])
    (made,) = simulate(graph, ["factory_contribution_usd"], draws=1_000, seed=1)
    assert (made.deviation, made.shares, made.interaction) == (0.0, {}, None)
    assert set(made.quantiles.values()) == {made.base}


def test_draws_that_give_no_value_are_counted_and_left_out():
    row = ranged(price_usd_per_gpu_hour=(0.1, 0.5, 2.0)) | {
        "fixed_cost_usd_per_gpu_hour": 0.4,
        "electricity_usd_per_gpu_hour": 0.3,
    }
    graph = operand_graph(row, ["breakeven_utilisation_pct"])
    (made,) = simulate(graph, ["breakeven_utilisation_pct"], draws=100_000, seed=1, shape="uniform")
    assert made.without_value / made.draws == pytest.approx((0.3 - 0.1) / 1.9, abs=0.01)
    assert math.isfinite(made.mean)


@settings(max_examples=15, deadline=None)
@given(low=st.floats(0.1, 1), rise=st.floats(0, 3), more=st.floats(0.01, 3))
def test_draws_stay_within_the_corners(low, rise, more):
    row = FACTORY | ranged(rental_usd_per_gpu_hour=(low, low + rise, low + rise + more))
    figures = ["factory_contribution_usd"]
    (made,) = simulate(operand_graph(row, figures), figures, draws=5_000, seed=1)
    frame = compute(pl.DataFrame({k: [v] for k, v in row.items()}), figures)
    assert made.low == pytest.approx(frame["factory_contribution_usd_low"].item())
    assert made.high == pytest.approx(frame["factory_contribution_usd_high"].item())
    assert made.low <= made.quantiles[0.1] <= made.quantiles[0.9] <= made.high


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="lies outside"):
        simulate({"a": Leaf("a", 5.0, 0.0, 1.0)}, ["a"], draws=10, seed=1)
    with pytest.raises(ValueError, match="two draws"):
        simulate({"a": Leaf("a", 0.5, 0.0, 1.0)}, ["a"], draws=1, seed=1)
    with pytest.raises(ValueError, match="no shape"):
        simulate({"a": Leaf("a", 0.5, 0.0, 1.0)}, ["a"], draws=10, seed=1, shape="bell")
