"""What must hold of the formulas for any operands, not only for the documents' ones."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL, READINGS, formulas
from pipelines.economics.gpu_hour import capital_charge, power

price = st.floats(0.1, 20)
cost = st.floats(0.01, 10)
share = st.floats(0.05, 1.0)
rate = st.floats(0.0, 0.4)
years = st.floats(1.0, 10.0)
dollars = st.floats(1_000, 100_000)
speed = st.floats(10, 50_000)

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


@given(n=years, r=st.floats(1e-8, 1e-6))
def test_capital_recovery_tends_to_the_straight_line(evaluate, n: float, r: float) -> None:
    factor = evaluate(capital_charge.capital_recovery_factor, discount_rate_per_year=r, life_years=n)
    assert factor == pytest.approx(1 / n, rel=1e-4)
    assert evaluate(capital_charge.capital_recovery_factor, discount_rate_per_year=0.0, life_years=n) == pytest.approx(
        1 / n
    )


@given(p=dollars, s=st.floats(0, 0.9), n=years)
def test_without_interest_both_readings_charge_the_same_capital(evaluate, p: float, s: float, n: float) -> None:
    operands = {"purchase_price_usd": p, "residual_share": s, "life_years": n}
    line = evaluate(capital_charge.capital_usd_per_gpu_hour__as_published, **operands)
    annuity = evaluate(capital_charge.capital_usd_per_gpu_hour__professional, **operands, discount_rate_per_year=0.0)
    assert annuity == pytest.approx(line)


@given(p=dollars, s=st.floats(0, 0.9), r=st.floats(0.01, 0.4), n=years)
def test_capital_charges_are_worth_the_price_less_the_residual(evaluate, p, s, r, n) -> None:
    hourly = evaluate(
        capital_charge.capital_usd_per_gpu_hour__professional,
        purchase_price_usd=p,
        residual_share=s,
        discount_rate_per_year=r,
        life_years=n,
    )
    annuity = (1 - (1 + r) ** -n) / r
    assert hourly * 8760 * annuity == pytest.approx(p - p * s * (1 + r) ** -n)


@given(p=dollars, s=st.floats(0, 0.5), r=rate, n=st.integers(1, 8), g=st.floats(-0.3, 0.6), u=share)
def test_falling_rents_recover_the_capital_year_by_year(evaluate, p, s, r, n, g, u) -> None:
    first = evaluate(
        capital_charge.first_year_capital_usd_per_gpu_hour,
        purchase_price_usd=p,
        residual_share=s,
        discount_rate_per_year=r,
        life_years=float(n),
        rent_decline_per_year=g,
        utilisation=u,
    )
    value = sum(first * 8760 * u * (1 - g) ** k * (1 + r) ** -(k + 0.5) for k in range(n))
    assert value == pytest.approx(p - p * s * (1 + r) ** -n, rel=1e-6)


@given(g=st.floats(0.01, 0.6), u=share)
def test_the_faster_rents_fall_the_more_the_first_year_must_earn(evaluate, g, u) -> None:
    deal = {
        "purchase_price_usd": 28_000.0,
        "residual_share": 0.2,
        "discount_rate_per_year": 0.12,
        "life_years": 3.0,
        "utilisation": u,
    }
    level = evaluate(capital_charge.first_year_capital_usd_per_gpu_hour, **deal, rent_decline_per_year=0.0)
    assert evaluate(capital_charge.first_year_capital_usd_per_gpu_hour, **deal, rent_decline_per_year=g) > level


@given(kw=st.floats(0.1, 5), factor=st.floats(1.01, 3), p=price, u=share)
def test_a_megawatt_scales_with_its_basis(kw: float, factor: float, p: float, u: float) -> None:
    def made(basis: float) -> float:
        frame = row(basis_kw_per_gpu=basis, price_usd_per_gpu_hour=p, utilisation=u)
        return compute(frame, ["revenue_usd_per_mw_year"])["revenue_usd_per_mw_year"].item()

    assert made(kw) == pytest.approx(factor * made(kw * factor))


@given(f=cost, v=cost, u=share, p=price, g=st.floats(100, 5000))
def test_profit_of_a_megawatt_is_revenue_less_cost_and_the_margin_of_an_hour(f, v, u, p, g) -> None:
    made = compute(
        row(
            gpus_per_mw=g,
            price_usd_per_gpu_hour=p,
            fixed_cost_usd_per_gpu_hour=f,
            electricity_usd_per_gpu_hour=v,
            utilisation=u,
        ),
        ["revenue_usd_per_mw_year", "cost_usd_per_mw_year", "gross_profit_usd_per_mw_year", "gross_margin_pct"],
    )
    revenue, profit = made["revenue_usd_per_mw_year"].item(), made["gross_profit_usd_per_mw_year"].item()
    assert profit == pytest.approx(revenue - made["cost_usd_per_mw_year"].item(), abs=1e-6 * revenue)
    assert 100 * profit / revenue == pytest.approx(made["gross_margin_pct"].item(), abs=1e-6)


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


def test_space_that_includes_energy_bills_none_beside_it(evaluate) -> None:
    paid = evaluate(
        power.electricity_usd_per_gpu_hour, facility_kw_per_gpu=1.4, price_usd_per_kwh=0.1, electricity_paid_apart=0.0
    )
    assert paid == 0.0


@pytest.mark.parametrize("reading", READINGS)
def test_every_formula_says_what_it_is_in_what_unit_and_whose(reading) -> None:
    for found in formulas(reading).values():
        assert all([found.meaning, found.source, found.unit]), found.figure
