"""The roofline against docs/economics.md#m23, a second implementation, and what must hold of any server."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute
from pipelines.economics.serving import roofline

RACK = {
    "memory_bandwidth_gb_s": 8_000.0,
    "peak_flop_s_per_gpu": 5e15,
    "gpus_per_server": 72.0,
    "memory_bandwidth_utilisation": 0.6,
    "flop_utilisation": 0.4,
    "parameters_b": 2_000.0,
    "bytes_per_parameter": 0.5,
    "kv_cache_gb_per_sequence": 3.5,
}
FIGURES = ["decode_tokens_per_s", "prefill_tokens_per_s", "step_gb"]


def served(**operands: float) -> dict[str, float]:
    row = pl.DataFrame({name: [float(value)] for name, value in operands.items()})
    return compute(row, FIGURES).row(0, named=True)


@pytest.mark.parametrize(
    ("active", "batch", "decode", "prefill"),
    [
        (50, 250, 46_080, 1_440_000),
        (100, 1000, 76_800, 720_000),
        (200, 3000, 90_157, 360_000),
        (200, 5000, 93_405, 360_000),
    ],
)
def test_the_racks_of_m23(active: float, batch: float, decode: float, prefill: float) -> None:
    made = served(**RACK, active_parameters_b=active, batch_sequences=batch)
    assert made["decode_tokens_per_s"] == pytest.approx(decode, abs=0.5)
    assert made["prefill_tokens_per_s"] == pytest.approx(prefill)


def test_the_documents_prefill_is_impossible_and_its_decode_is_not(evaluate) -> None:
    # 004:126-127: 46.8 billion input and 46.7 million output tokens an hour on 72 H100 of 1.979 PFLOP/s, 37B active.
    gate = {"active_parameters_b": 37.0, "server_peak_flop_s": 72 * 1.979e15}
    assert evaluate(roofline.peak_flop_share_pct, server_tokens_per_s=46.8e9 / 3600, **gate) > 600
    assert evaluate(roofline.peak_flop_share_pct, server_tokens_per_s=46.7e6 / 3600, **gate) < 1


@settings(max_examples=50)
@given(batch=st.integers(1, 20_000), active=st.floats(1, 2_000))
def test_decode_is_the_slower_of_memory_and_arithmetic(batch: int, active: float) -> None:
    made = served(**RACK, active_parameters_b=active, batch_sequences=batch)
    memory = (1000 + 3.5 * batch) / (72 * 8000 * 0.6)
    arithmetic = batch * 2 * active * 1e9 / (72 * 5e15 * 0.4)
    assert made["decode_tokens_per_s"] == pytest.approx(batch / max(memory, arithmetic))
    # Decode never beats prefill: it does the same arithmetic and reads memory besides.
    assert made["decode_tokens_per_s"] <= made["prefill_tokens_per_s"] * (1 + 1e-12)


@settings(max_examples=30)
@given(batch=st.integers(1, 5_000), more=st.integers(1, 5_000))
def test_a_larger_batch_serves_more_and_needs_more_memory(batch: int, more: int) -> None:
    small, large = (served(**RACK, active_parameters_b=50, batch_sequences=b) for b in (batch, batch + more))
    assert large["decode_tokens_per_s"] >= small["decode_tokens_per_s"]
    assert large["step_gb"] > small["step_gb"]


@settings(max_examples=30)
@given(batch=st.integers(1, 5_000), active=st.floats(1, 500))
def test_a_served_roofline_passes_its_own_gate(evaluate, batch: int, active: float) -> None:
    made = served(**RACK, active_parameters_b=active, batch_sequences=batch)
    share = evaluate(
        roofline.peak_flop_share_pct,
        server_tokens_per_s=made["decode_tokens_per_s"],
        active_parameters_b=active,
        server_peak_flop_s=72 * 5e15,
    )
    assert share <= 40 * (1 + 1e-9)
