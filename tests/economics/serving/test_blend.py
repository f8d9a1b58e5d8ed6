"""Blends of output and input: tokens and costs add up."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.economics.compute import compute

cost = st.floats(0.01, 10)
speed = st.floats(10, 50_000)


def row(**values: float) -> pl.DataFrame:
    return pl.DataFrame({name: [value] for name, value in values.items()}, schema=dict.fromkeys(values, pl.Float64))


@given(i=speed, o=speed, mix=st.floats(0.01, 100))
def test_a_blend_in_tokens_keeps_its_tokens(i: float, o: float, mix: float) -> None:
    made = compute(
        row(
            input_tokens_per_s_per_gpu=i,
            output_tokens_per_s_per_gpu=o,
            input_tokens_per_output_token=mix,
        ).with_columns(stated_output_time_share=pl.lit(None, dtype=pl.Float64)),
        ["output_mtok_per_gpu_hour", "input_mtok_per_gpu_hour"],
    )
    assert made["input_mtok_per_gpu_hour"].item() == pytest.approx(mix * made["output_mtok_per_gpu_hour"].item())
    # The published form of M10: output per second of a mixed hour is 1 / (1/o + R/i).
    assert made["output_mtok_per_gpu_hour"].item() == pytest.approx(0.0036 / (1 / o + mix / i))


@given(i=speed, o=speed, t=st.floats(0.01, 0.99), c=cost)
def test_cost_of_a_blend_is_its_tokens_at_their_own_cost(i: float, o: float, t: float, c: float) -> None:
    made = compute(
        row(
            input_tokens_per_s_per_gpu=i,
            output_tokens_per_s_per_gpu=o,
            output_time_share=t,
            total_cost_usd_per_gpu_hour=c,
        ),
        ["blended_cost_usd_per_mtok", "input_cost_usd_per_mtok", "output_cost_usd_per_mtok"],
    )
    read = made["input_mtok_per_gpu_hour"] * made["input_cost_usd_per_mtok"]
    written = made["output_mtok_per_gpu_hour"] * made["output_cost_usd_per_mtok"]
    assert (read + written).item() == pytest.approx(c)


def test_output_only_needs_no_input_speed_and_no_input_price() -> None:
    made = compute(
        row(
            input_tokens_per_s_per_gpu=math.nan,
            output_tokens_per_s_per_gpu=1000.0,
            stated_output_time_share=1.0,
            input_tokens_per_output_token=math.nan,
            output_price_usd_per_mtok=0.9,
            input_price_usd_per_mtok=math.nan,
            total_cost_usd_per_gpu_hour=1.5,
        ).fill_nan(None),
        ["gross_margin_pct", "blended_price_usd_per_mtok", "input_cost_usd_per_mtok"],
    )
    assert made["price_usd_per_gpu_hour"].item() == pytest.approx(3.24)
    assert made["blended_price_usd_per_mtok"].item() == pytest.approx(0.9)
    assert made["input_cost_usd_per_mtok"].item() is None
