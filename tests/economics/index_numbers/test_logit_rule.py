"""Price on time and log odds: exact where the price is made that way, and against numpy's own least squares."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pipelines.economics.index_numbers.frontier import Candidates
from pipelines.economics.index_numbers.logit_rule import log_odds, logit_rule
from pipelines.economics.index_numbers.resampling import draws

GENERATOR = np.random.default_rng(11)
DAYS = np.sort(GENERATOR.integers(19_000, 20_200, 20))
SCORES = GENERATOR.uniform(20.0, 90.0, 20)


def made(price, score=SCORES, model=None):
    names = [f"m{i}" for i in range(len(price))] if model is None else model
    return Candidates.of(names, DAYS[: len(price)], price, score)


def test_a_price_made_by_the_rule_gives_its_factor():
    odds = np.log(SCORES / (100 - SCORES))
    fit = logit_rule(made(np.exp(2.0 - math.log(12.0) * DAYS / 365.0 + 0.7 * odds)), "pct")
    for name in ("factor", "t_low", "t_high", "drop_low", "drop_high", "ci_low", "ci_high"):
        assert getattr(fit, name) == pytest.approx(12.0, rel=1e-7)
    assert fit.elasticity == pytest.approx(0.7)
    assert fit.r_squared == pytest.approx(1.0)
    assert (fit.n, fit.span_days) == (20, DAYS.max() - DAYS.min())


def test_against_least_squares_of_numpy_with_models_drawn_whole():
    price = np.exp(GENERATOR.normal(0, 1, 20))
    names = [f"m{i // 2}" for i in range(20)]
    fit = logit_rule(made(price, model=names), "pct")
    design = np.column_stack([np.ones(20), DAYS / 365.0, np.log(SCORES / (100 - SCORES))])
    beta, residual, _, _ = np.linalg.lstsq(design, np.log(price), rcond=None)
    assert fit.factor == pytest.approx(math.exp(-beta[1]))
    assert fit.elasticity == pytest.approx(beta[2])
    error = math.sqrt(residual[0] / 17 * np.linalg.inv(design.T @ design)[1, 1])
    # Student's t, 95% one-sided, 17 degrees of freedom: 1.740 in printed tables.
    assert math.log(fit.t_high / fit.t_low) / 2 == pytest.approx(1.740 * error, rel=3e-4)
    order = {name: place for place, name in enumerate(sorted(set(names)))}
    factors = []
    for drawn in draws(10):
        rows = [i for i, name in enumerate(names) for _ in range(drawn[order[name]])]
        again = np.linalg.lstsq(design[rows], np.log(price)[rows], rcond=None)[0]
        factors.append(math.exp(-again[1]))
    assert (fit.ci_low, fit.ci_high) == pytest.approx(tuple(np.quantile(factors, [0.05, 0.95])), rel=1e-6)


def test_log_odds():
    assert log_odds(np.array([50.0, 90.0]), "pct").tolist() == pytest.approx([0.0, math.log(9.0)])
    # 400 points are ten to one (Elo).
    rating = log_odds(np.array([1400.0, 1000.0]), "elo")
    assert rating[0] - rating[1] == pytest.approx(math.log(10.0))
    with pytest.raises(ValueError, match="pct or elo"):
        log_odds(np.array([1.0]), "minutes")


def test_scores_of_0_and_100_have_no_log_odds_and_are_left_out():
    price = np.exp(GENERATOR.normal(0, 1, 20))
    score = SCORES.copy()
    score[[3, 8]] = [0.0, 100.0]
    assert logit_rule(made(price, score), "pct").n == 18


@pytest.mark.parametrize("score", [np.full(20, 50.0), SCORES[:5]])
def test_nothing_to_tell_time_from_score(score):
    assert logit_rule(made(np.ones(len(score)) * 2.0, score), "pct") is None
