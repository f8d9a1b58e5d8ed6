"""Own GPUs against an API: where both cost the same."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL
from pipelines.economics.gpu_hour import margin
from pipelines.economics.serving import self_hosting

speed = st.floats(10, 50_000)
price = st.floats(0.01, 50)
cost = st.floats(0.1, 20)


def made(figures: list[str], **operands: float | None) -> dict[str, float]:
    row = pl.DataFrame({name: [value] for name, value in operands.items()}, schema=dict.fromkeys(operands, pl.Float64))
    return compute(row, figures, reading=PROFESSIONAL).row(0, named=True)


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
