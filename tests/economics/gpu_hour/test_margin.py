"""Cost, margin and break-even of a GPU-hour: what must hold for any operands, ranges too."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL

price = st.floats(0.1, 20)
cost = st.floats(0.01, 10)
share = st.floats(0.05, 1.0)


STACK = {
    "capital_usd_per_gpu_hour": 1.0,
    "facility_usd_per_gpu_hour": 0.3,
    "networking_usd_per_gpu_hour": 0.15,
    "operations_usd_per_gpu_hour": 0.1,
    "maintenance_usd_per_gpu_hour": 0.05,
    "electricity_usd_per_gpu_hour": 0.12,
    "utilisation": 0.8,
    "price_usd_per_gpu_hour": 2.5,
}


def row(**values: float) -> pl.DataFrame:
    return pl.DataFrame({name: [value] for name, value in values.items()}, schema=dict.fromkeys(values, pl.Float64))


@pytest.mark.parametrize("component", [name for name in STACK if "price" not in name and name != "utilisation"])
@given(rise=st.floats(0.001, 5))
def test_margin_falls_when_any_cost_rises(component: str, rise: float) -> None:
    dearer = {**STACK, component: STACK[component] + rise}
    before, after = (compute(row(**s), ["gross_margin_pct"], reading=PROFESSIONAL) for s in (STACK, dearer))
    assert after["gross_margin_pct"].item() < before["gross_margin_pct"].item()


@given(f=cost, v=cost, u=share, p=price)
def test_components_and_idle_make_up_the_total(f: float, v: float, u: float, p: float) -> None:
    made = compute(
        row(fixed_cost_usd_per_gpu_hour=f, electricity_usd_per_gpu_hour=v, utilisation=u, price_usd_per_gpu_hour=p),
        ["idle_usd_per_gpu_hour", "total_cost_usd_per_gpu_hour"],
    )
    assert f + v + made["idle_usd_per_gpu_hour"].item() == pytest.approx(made["total_cost_usd_per_gpu_hour"].item())


@given(f=cost, v=cost, p=price)
def test_at_break_even_utilisation_the_margin_is_zero(f: float, v: float, p: float) -> None:
    stack = row(fixed_cost_usd_per_gpu_hour=f, electricity_usd_per_gpu_hour=v, price_usd_per_gpu_hour=p)
    percent = compute(stack, ["breakeven_utilisation_pct"])["breakeven_utilisation_pct"].item()
    if p <= v:
        assert percent == math.inf
        return
    at = stack.with_columns(utilisation=pl.lit(percent / 100))
    made = compute(at, ["gross_margin_pct"])["gross_margin_pct"].item()
    assert made == pytest.approx(0, abs=1e-6)


@given(m=st.floats(-300, 95), c=cost)
def test_margin_and_markup_say_the_same_of_one_price(m: float, c: float) -> None:
    p = c / (1 - m / 100)
    hour = row(price_usd_per_gpu_hour=p, total_cost_usd_per_gpu_hour=c)
    made = compute(hour, ["gross_margin_pct", "markup_pct"])
    assert made["markup_pct"].item() == pytest.approx(100 * m / (100 - m), abs=1e-6)


@settings(max_examples=50)
@given(low=st.floats(0.3, 0.6), high=st.floats(0.7, 1.0), p=st.floats(0.5, 5))
def test_ranges_hold_the_base_between_them(low: float, high: float, p: float) -> None:
    stack = {**STACK, "utilisation": (low + high) / 2, "utilisation_low": low, "utilisation_high": high}
    stack |= {"price_usd_per_gpu_hour": p, "price_usd_per_gpu_hour_low": p * 0.8, "price_usd_per_gpu_hour_high": p * 2}
    made = compute(row(**stack), ["gross_margin_pct"], reading=PROFESSIONAL).row(0, named=True)
    assert made["gross_margin_pct_low"] <= made["gross_margin_pct"] <= made["gross_margin_pct_high"]
    worst = {**STACK, "utilisation": low, "price_usd_per_gpu_hour": p * 0.8}
    alone = compute(row(**worst), ["gross_margin_pct"], reading=PROFESSIONAL)["gross_margin_pct"].item()
    assert made["gross_margin_pct_low"] == pytest.approx(alone)
