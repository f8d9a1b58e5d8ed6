"""Owning against renting: identities, limits and directions that hold for any operands, and hand-worked schedules."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, PROFESSIONAL
from pipelines.economics.gpu_hour import capital_charge, falling_rents, simple_charge, space, tax

few = settings(max_examples=50)
dollars = st.floats(1_000, 100_000)
rate = st.floats(0.0, 0.4)
decline = st.floats(0.0, 0.6)
share = st.floats(0.05, 1.0)
years = st.integers(1, 8).map(float)
hourly = st.floats(0.01, 10)

MACRS = [0.0, 0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576]


def row(**values: float) -> pl.DataFrame:
    return pl.DataFrame({name: [value] for name, value in values.items()}, schema=dict.fromkeys(values, pl.Float64))


def schedule(shares: list[float]) -> dict[str, float]:
    return {f"allowance_share_year_{year}": value for year, value in enumerate(shares)}


@few
@given(g=decline, r=rate, n=years)
def test_a_level_rent_is_worth_what_the_falling_ones_are_year_by_year(evaluate, g, r, n) -> None:
    factor = evaluate(
        falling_rents.falling_rent_factor, rent_decline_per_year=g, discount_rate_per_year=r, life_years=n
    )
    falling = sum((1 - g) ** k * (1 + r) ** -k for k in range(int(n)))
    assert factor * sum((1 + r) ** -k for k in range(int(n))) == pytest.approx(falling)
    assert factor <= 1 + 1e-9


@few
@given(p=dollars, s=st.floats(0, 0.5), r=rate, n=years, g=decline)
def test_first_year_rent_and_level_rent_are_one_deal_seen_from_two_sides(evaluate, p, s, r, n, g) -> None:
    deal = {"purchase_price_usd": p, "residual_share": s, "discount_rate_per_year": r, "life_years": n}
    first = evaluate(
        capital_charge.first_year_capital_usd_per_gpu_hour, **deal, rent_decline_per_year=g, utilisation=1.0
    )
    level = evaluate(
        capital_charge.first_year_capital_usd_per_gpu_hour, **deal, rent_decline_per_year=0.0, utilisation=1.0
    )
    factor = evaluate(
        falling_rents.falling_rent_factor, rent_decline_per_year=g, discount_rate_per_year=r, life_years=n
    )
    assert first * factor == pytest.approx(level)


@few
@given(p=dollars, s=st.floats(0, 0.9), r=st.floats(0.01, 0.4), n=years)
def test_monthly_payments_are_worth_the_price_less_the_residual(evaluate, p, s, r, n) -> None:
    deal = {"purchase_price_usd": p, "residual_share": s, "discount_rate_per_year": r, "life_years": n}
    paid = evaluate(falling_rents.monthly_capital_usd_per_gpu_hour, **deal) * 8760 / 12
    value = sum(paid * (1 + r) ** (-month / 12) for month in range(1, int(12 * n) + 1))
    assert value == pytest.approx(p - p * s * (1 + r) ** -n)
    assert paid * 12 / 8760 < evaluate(capital_charge.capital_usd_per_gpu_hour__professional, **deal)


@few
@given(f=hourly, v=hourly, w=hourly, factor=st.floats(0.2, 1.0))
def test_falling_rents_only_raise_the_break_even(f, v, w, factor) -> None:
    costs = row(
        fixed_cost_usd_per_gpu_hour=f,
        electricity_usd_per_gpu_hour=v,
        price_usd_per_gpu_hour=w,
        falling_rent_factor=factor,
    )
    wanted = ["breakeven_utilisation_pct", "breakeven_utilisation_falling_rents_pct"]
    made = compute(costs, wanted, reading=PROFESSIONAL)
    assert made["breakeven_utilisation_falling_rents_pct"].item() >= made["breakeven_utilisation_pct"].item()


@few
@given(f=hourly, v=hourly, w=st.floats(0.5, 20), term=st.sampled_from([0.0, 1.0]))
def test_at_the_break_even_owning_and_renting_on_demand_cost_the_same(f, v, w, term) -> None:
    if w <= v or f / (w - v) > 1:
        return
    used = f / (w - v)
    operands = row(
        fixed_cost_usd_per_gpu_hour=f,
        electricity_usd_per_gpu_hour=v,
        price_usd_per_gpu_hour=w,
        take_or_pay=term,
        used_share=used,
    )
    figures = ["owned_usd_per_used_gpu_hour", "rent_usd_per_used_gpu_hour", "owning_saves_usd_per_used_gpu_hour"]
    made = compute(operands, figures, reading=PROFESSIONAL).row(0, named=True)
    difference = made["rent_usd_per_used_gpu_hour"] - made["owned_usd_per_used_gpu_hour"]
    assert made["owning_saves_usd_per_used_gpu_hour"] == pytest.approx(difference, abs=1e-9)
    if term:
        assert made["rent_usd_per_used_gpu_hour"] == pytest.approx(w / used)
    else:
        assert difference == pytest.approx(0, abs=1e-9)


@few
@given(base=hourly, p=dollars, r=rate, w=hourly, rise=st.floats(0.001, 5))
def test_the_simple_break_even_rises_with_cost_and_is_where_profit_is_zero(base, p, r, w, rise) -> None:
    def breakeven(cost: float) -> float:
        deal = row(
            base_cost_usd_per_gpu_hour=cost,
            purchase_price_usd=p,
            discount_rate_per_year=r,
            price_usd_per_gpu_hour=w,
        )
        return compute(deal, ["simple_breakeven_utilisation_pct"], reading=AS_PUBLISHED)[
            "simple_breakeven_utilisation_pct"
        ].item()

    assert breakeven(base) / 100 * w == pytest.approx(base + p * r / 8760)
    assert breakeven(base + rise) > breakeven(base)


@few
@given(p=dollars, n=years, r=rate)
def test_a_charge_on_the_full_price_is_never_below_the_annuity(evaluate, p, n, r) -> None:
    line = evaluate(simple_charge.capital_charge_usd_per_gpu_year, purchase_price_usd=p, discount_rate_per_year=r)
    annuity = evaluate(
        capital_charge.capital_usd_per_gpu_hour__professional,
        purchase_price_usd=p,
        residual_share=0.0,
        discount_rate_per_year=r,
        life_years=n,
    )
    # The annuity subtracts two numbers that agree to the last digits where the rate is tiny.
    assert (p / n + line) / 8760 >= annuity * (1 - 1e-6)


@few
@given(r=rate, tau=st.floats(0.0, 0.6))
def test_tax_is_neutral_where_the_price_is_allowed_at_once_and_dearer_where_later(evaluate, r, tau) -> None:
    at_once = evaluate(tax.allowance_present_value, discount_rate_per_year=r, **schedule([1.0, *[0.0] * 6]))
    assert at_once == 1.0
    assert evaluate(tax.tax_factor, tax_share=tau, allowance_present_value=at_once) == pytest.approx(1.0)
    later = evaluate(tax.allowance_present_value, discount_rate_per_year=r, **schedule(MACRS))
    assert later == pytest.approx(sum(part / (1 + r) ** year for year, part in enumerate(MACRS)))
    assert evaluate(tax.tax_factor, tax_share=tau, allowance_present_value=later) >= 1.0 - 1e-12


def test_without_interest_every_schedule_is_worth_the_whole_price(evaluate) -> None:
    assert evaluate(tax.allowance_present_value, discount_rate_per_year=0.0, **schedule(MACRS)) == pytest.approx(1.0)


@few
@given(f=hourly, v=hourly, parts=st.tuples(share, st.floats(0, 0.5), share, st.floats(0, 0.5)), idle=st.floats(0, 1))
def test_billed_hours_pay_for_the_whole_clock(f, v, parts, idle) -> None:
    available, spare, sold, credit = parts
    chain = row(
        fixed_cost_usd_per_gpu_hour=f,
        electricity_usd_per_gpu_hour=v,
        idle_power_share=idle,
        availability_share=available,
        spare_share=spare,
        sold_share=sold,
        credit_share=credit,
    )
    made = compute(chain, ["cost_usd_per_billed_gpu_hour"], reading=PROFESSIONAL).row(0, named=True)
    billed = made["billed_share"]
    assert billed <= min(available, sold)
    spent_an_hour = f + billed * v + (1 - billed) * v * idle
    assert made["cost_usd_per_billed_gpu_hour"] * billed == pytest.approx(spent_an_hour)


@few
@given(before=st.floats(1, 500), now=st.floats(1, 500), fx0=st.floats(0.5, 2), fx1=st.floats(0.5, 2))
def test_contract_price_and_exchange_rate_make_up_the_dollar_price(before, now, fx0, fx1) -> None:
    quote = row(contract_price=now, contract_price_before=before, usd_per_unit=fx1, usd_per_unit_before=fx0)
    made = compute(quote, ["usd_price_index", "exchange_rate_share_of_change_pct"], reading=PROFESSIONAL)
    dollars_index = now * fx1 / (before * fx0)
    assert made["usd_price_index"].item() == pytest.approx(dollars_index)
    part = made["exchange_rate_share_of_change_pct"].item()
    if part is not None and abs(math.log(dollars_index)) > 1e-6:
        assert part / 100 * math.log(dollars_index) == pytest.approx(math.log(fx1 / fx0), abs=1e-6)


@few
@given(capex=st.floats(1e6, 5e7), kw=st.floats(0.5, 3), n=st.integers(5, 30).map(float))
def test_a_building_without_interest_is_its_straight_line(evaluate, capex, kw, n) -> None:
    operands = {"facility_capex_usd_per_mw": capex, "facility_kw_per_gpu": kw, "facility_life_years": n}
    line = evaluate(space.owned_facility_usd_per_gpu_hour__as_published, **operands)
    assert evaluate(space.owned_facility_usd_per_gpu_hour__professional, **operands, facility_rate_per_year=0.0) == (
        pytest.approx(line)
    )
    assert evaluate(space.owned_facility_usd_per_gpu_hour__professional, **operands, facility_rate_per_year=0.08) > line


@few
@given(rise=st.floats(0.001, 3), line=st.sampled_from(["storage_usd_per_gpu_hour", "capital_charge_usd_per_gpu_hour"]))
def test_a_line_that_is_added_lowers_the_margin_by_itself_over_the_price(rise: float, line: str) -> None:
    stack = {
        "total_cost_usd_per_gpu_hour": 1.55,
        "storage_usd_per_gpu_hour": 0.0,
        "capital_charge_usd_per_gpu_hour": 0.0,
        "price_usd_per_gpu_hour": 2.2,
    }
    plain = compute(row(**stack), ["waterfall_margin_pct"], reading=AS_PUBLISHED)["waterfall_margin_pct"].item()
    added = compute(row(**{**stack, line: rise}), ["waterfall_margin_pct"], reading=AS_PUBLISHED)
    assert plain - added["waterfall_margin_pct"].item() == pytest.approx(100 * rise / 2.2)
