"""Speculative decoding against a simulation and at its limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.serving import techniques


def test_speculation_against_a_simulation(evaluate) -> None:
    draws = np.random.default_rng(7).random((200_000, 4)) < 0.7
    accepted = np.cumprod(draws, axis=1).sum(axis=1)
    expected = evaluate(techniques.tokens_per_pass, acceptance_rate=0.7, draft_tokens=4.0)
    assert (accepted + 1).mean() == pytest.approx(expected, rel=0.005)


def test_speculation_at_its_limits(evaluate) -> None:
    assert evaluate(techniques.tokens_per_pass, acceptance_rate=1.0, draft_tokens=4.0) == 5.0
    assert evaluate(techniques.tokens_per_pass, acceptance_rate=0.0, draft_tokens=4.0) == 1.0
    none = {"tokens_per_pass": 1.0, "draft_tokens": 0.0, "draft_cost_ratio": 0.05}
    assert evaluate(techniques.speculation_multiplier, **none) == 1.0


@settings(max_examples=40)
@given(a=st.floats(0.1, 0.95), k=st.integers(1, 8), ratio=st.floats(0.001, 10))
def test_speculation_fades_as_arithmetic_catches_up_with_memory(evaluate, a, k, ratio) -> None:
    per_pass = evaluate(techniques.tokens_per_pass, acceptance_rate=a, draft_tokens=float(k))
    draft = {"tokens_per_pass": per_pass, "draft_tokens": float(k), "draft_cost_ratio": 0.05}
    ideal = evaluate(techniques.speculation_multiplier, **draft)
    at = [
        evaluate(techniques.speculation_multiplier_at_batch, **draft, memory_s_per_step=1.0, compute_s_per_step=share)
        for share in (0.0, ratio, ratio * 2)
    ]
    assert at[0] == pytest.approx(ideal)
    assert at[0] + 1e-12 >= at[1] >= at[2] - 1e-12
