"""The serving identity, speculative decoding, the compute spread and break-evens: limits, identities, a simulation."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL
from pipelines.economics.gpu_hour import margin
from pipelines.economics.serving import self_hosting, techniques
from pipelines.economics.tokens import pricing

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


@settings(max_examples=50)
@given(f=cost, v=st.floats(0, 2), p=price, d=speed)
def test_break_even_is_where_the_gpu_costs_what_the_api_does(f, v, p, d) -> None:
    hour = made(
        ["breakeven_utilisation_pct", "breakeven_mtok_per_day", "capacity_mtok_per_day", "price_usd_per_gpu_hour"],
        fixed_cost_usd_per_gpu_hour=f,
        electricity_usd_per_gpu_hour=v,
        output_price_usd_per_mtok=p,
        input_price_usd_per_mtok=None,
        output_tokens_per_s_per_gpu=d,
        input_tokens_per_s_per_gpu=None,
        stated_output_time_share=1.0,
        input_tokens_per_output_token=None,
    )
    if hour["price_usd_per_gpu_hour"] <= v:
        assert hour["breakeven_mtok_per_day"] == float("inf")
        return
    volume, used = hour["breakeven_mtok_per_day"], hour["breakeven_utilisation_pct"] / 100
    assert volume == pytest.approx(used * hour["capacity_mtok_per_day"], rel=1e-6)
    assert volume * p == pytest.approx(24 * (f + used * v), rel=1e-6)


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


@settings(max_examples=50)
@given(c=st.floats(1e-6, 1e3), p=st.floats(1e-6, 1e3))
def test_twice_the_throughput_at_thirty_percent_less_always_keeps_the_better_margin(evaluate, c, p) -> None:
    deal = {"rival_price_usd_per_mtok": p, "rival_cost_usd_per_mtok": c}
    moat = {"throughput_advantage": 2.0, "price_cut_share": 0.3}
    rival = evaluate(pricing.rival_margin_pct, **deal)
    assert evaluate(pricing.moat_margin_pct, **deal, **moat) > rival or c / p < 1e-13
    assert evaluate(pricing.moat_margin_exceeds_rival, **moat) == 1.0
    gain = evaluate(pricing.moat_gain_usd_per_mtok, **deal, **moat)
    assert (gain > 0) == (c / p > 0.6) or gain == pytest.approx(0, abs=1e-9 * p)


@settings(max_examples=50)
@given(m=st.floats(1.01, 10), d=st.floats(0, 0.95), c=cost, p=price)
def test_the_moat_holds_for_every_cost_and_price_or_for_none(evaluate, m, d, c, p) -> None:
    deal = {"rival_price_usd_per_mtok": p, "rival_cost_usd_per_mtok": c}
    moat = {"throughput_advantage": m, "price_cut_share": d}
    better = evaluate(pricing.moat_margin_pct, **deal, **moat) > evaluate(pricing.rival_margin_pct, **deal)
    if abs(m * (1 - d) - 1) > 1e-9:
        assert better == bool(evaluate(pricing.moat_margin_exceeds_rival, **moat))


def test_break_even_utilisation_above_a_hundred_is_never(evaluate) -> None:
    assert evaluate(self_hosting.breakeven_is_reachable, breakeven_utilisation_pct=100.3) == 0.0
    assert evaluate(self_hosting.breakeven_is_reachable, breakeven_utilisation_pct=94.8) == 1.0
    never = evaluate(
        margin.breakeven_utilisation_pct,
        price_usd_per_gpu_hour=0.1,
        fixed_cost_usd_per_gpu_hour=1.0,
        electricity_usd_per_gpu_hour=0.2,
    )
    assert evaluate(self_hosting.breakeven_is_reachable, breakeven_utilisation_pct=never) == 0.0
