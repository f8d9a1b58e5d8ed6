"""The compute spread in both units, and the heat rate at which it is zero."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute

speed = st.floats(10, 50_000)
price = st.floats(0.01, 50)
cost = st.floats(0.1, 20)


@settings(max_examples=50)
@given(p=price, k=cost, d=speed)
def test_the_spread_is_zero_at_the_markets_heat_rate_and_one_in_both_units(p, k, d) -> None:
    operands = {
        "output_tokens_per_s_per_gpu": d,
        "input_tokens_per_s_per_gpu": None,
        "output_time_share": 1.0,
        "output_price_usd_per_mtok": p,
        "input_price_usd_per_mtok": None,
        "fixed_cost_usd_per_gpu_hour": k,
        "electricity_usd_per_gpu_hour": 0.0,
    }
    row = pl.DataFrame({n: [v] for n, v in operands.items()}, schema=dict.fromkeys(operands, pl.Float64))
    figures = ["spread_usd_per_mtok", "spread_usd_per_gpu_hour", "market_heat_rate_gpu_hours_per_mtok"]
    hour = compute(row, figures).row(0, named=True)
    assert hour["heat_rate_gpu_hours_per_mtok"] == pytest.approx(1e6 / 3600 / d)
    assert hour["spread_usd_per_mtok"] == pytest.approx(p - (1e6 / 3600 / d) * k, abs=1e-9)
    per_hour = hour["spread_usd_per_mtok"] / hour["heat_rate_gpu_hours_per_mtok"]
    assert hour["spread_usd_per_gpu_hour"] == pytest.approx(per_hour, rel=1e-6, abs=1e-6)
    at_market = 1e6 / 3600 / hour["market_heat_rate_gpu_hours_per_mtok"]
    even = compute(row.with_columns(output_tokens_per_s_per_gpu=pl.lit(at_market)), figures)
    assert even["spread_usd_per_mtok"].item() == pytest.approx(0, abs=1e-6 * p)
