"""Capital charges of both readings: limits, and the price they are worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.economics.gpu_hour import capital_charge

share = st.floats(0.05, 1.0)
rate = st.floats(0.0, 0.4)
years = st.floats(1.0, 10.0)
dollars = st.floats(1_000, 100_000)


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
