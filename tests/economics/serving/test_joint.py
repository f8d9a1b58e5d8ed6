"""The serving identity: against the blend without cache, and the parts against the whole."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL

speed = st.floats(10, 50_000)
price = st.floats(0.01, 50)
mix = st.floats(0.0, 50)
cost = st.floats(0.1, 20)
load = st.floats(0.05, 1.0)


def made(figures: list[str], **operands: float | None) -> dict[str, float]:
    row = pl.DataFrame({name: [value] for name, value in operands.items()}, schema=dict.fromkeys(operands, pl.Float64))
    return compute(row, figures, reading=PROFESSIONAL).row(0, named=True)


@settings(max_examples=50)
@given(d=speed, i=speed, r=mix, p_out=price, p_in=price)
def test_without_cache_and_at_full_load_the_identity_is_the_blend_of_tokens(d, i, r, p_out, p_in) -> None:
    prices = {"output_price_usd_per_mtok": p_out, "input_price_usd_per_mtok": p_in}
    speeds = {"output_tokens_per_s_per_gpu": d, "input_tokens_per_s_per_gpu": i}
    identity = made(
        ["loaded_revenue_usd_per_gpu_hour", "decode_cost_share"],
        **prices,
        **speeds,
        cached_input_price_usd_per_mtok=7.0,
        uncached_tokens_per_output_token=r,
        cached_tokens_per_output_token=0.0,
        cached_tokens_per_s_per_gpu=1.0,
        load=1.0,
    )
    blend = made(
        ["revenue_usd_per_gpu_hour", "output_time_share"],
        **prices,
        **speeds,
        stated_output_time_share=None,
        input_tokens_per_output_token=r,
    )
    assert identity["loaded_revenue_usd_per_gpu_hour"] == pytest.approx(blend["revenue_usd_per_gpu_hour"], rel=1e-9)
    assert identity["decode_cost_share"] == pytest.approx(blend["output_time_share"], rel=1e-9)


@settings(max_examples=50)
@given(d=speed, i=speed, c=speed, r=mix, h=mix, k=cost, u=load)
def test_the_cost_of_the_parts_is_the_cost_of_the_hour(d, i, c, r, h, k, u) -> None:
    hour = made(
        [
            "gpu_s_per_output_token",
            "loaded_output_cost_usd_per_mtok",
            "loaded_input_cost_usd_per_mtok",
            "loaded_cached_cost_usd_per_mtok",
            "decode_cost_share",
            "prefill_cost_share",
            "cache_cost_share",
        ],
        output_tokens_per_s_per_gpu=d,
        input_tokens_per_s_per_gpu=i,
        cached_tokens_per_s_per_gpu=c,
        uncached_tokens_per_output_token=r,
        cached_tokens_per_output_token=h,
        served_hour_cost_usd_per_gpu_hour=k,
        load=u,
    )
    outputs = 0.0036 * u / hour["gpu_s_per_output_token"]
    parts = (
        hour["loaded_output_cost_usd_per_mtok"]
        + r * hour["loaded_input_cost_usd_per_mtok"]
        + h * hour["loaded_cached_cost_usd_per_mtok"]
    )
    assert outputs * parts == pytest.approx(k)
    assert hour["decode_cost_share"] + hour["prefill_cost_share"] + hour["cache_cost_share"] == pytest.approx(1)


@settings(max_examples=40)
@given(p_out=price, p_in=price, p_c=price, d=speed, i=speed, r=mix, h=mix, k=cost)
def test_at_the_break_even_load_revenue_is_the_cost(p_out, p_in, p_c, d, i, r, h, k) -> None:
    operands = {
        "output_price_usd_per_mtok": p_out,
        "input_price_usd_per_mtok": p_in,
        "cached_input_price_usd_per_mtok": p_c,
        "output_tokens_per_s_per_gpu": d,
        "input_tokens_per_s_per_gpu": i,
        "cached_read_speedup": 10.0,
        "uncached_tokens_per_output_token": r,
        "cached_tokens_per_output_token": h,
        "served_hour_cost_usd_per_gpu_hour": k,
    }
    at = made(["breakeven_load_pct"], **operands)["breakeven_load_pct"] / 100
    assert made(["loaded_revenue_usd_per_gpu_hour"], **operands, load=at)[
        "loaded_revenue_usd_per_gpu_hour"
    ] == pytest.approx(k)
