"""Sites, tariffs, construction: identities and limits of the formulas, worked out apart from them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.facility import construction, investment, site_energy

FEW = settings(max_examples=40, deadline=None)
PRICES = st.floats(0.01, 0.5)
RATES = st.floats(0.0, 0.3)
YEARS = st.floats(1.0, 30.0)


@FEW
@given(energy=PRICES, demand=st.floats(0.0, 40.0), load=st.floats(0.2, 1.0))
def test_a_years_bill_is_the_tariff_times_the_energy(evaluate, energy: float, demand: float, load: float) -> None:
    spread = evaluate(site_energy.demand_usd_per_kwh, demand_charge_usd_per_kw_month=demand, load_factor=load)
    tariff = evaluate(site_energy.tariff_usd_per_kwh, price_usd_per_kwh=energy, demand_usd_per_kwh=spread)
    used = 8760 * load  # of one kW of peak
    assert tariff * used == pytest.approx(energy * used + 12 * demand)


@FEW
@given(energy=PRICES, demand=st.floats(0.1, 40.0), low=st.floats(0.2, 0.8))
def test_a_steadier_load_pays_less_per_kwh(evaluate, energy: float, demand: float, low: float) -> None:
    def at(load: float) -> float:
        return evaluate(site_energy.demand_usd_per_kwh, demand_charge_usd_per_kw_month=demand, load_factor=load)

    assert at(low + 0.1) < at(low)


def test_the_worked_tariff(evaluate) -> None:
    # docs/economics.md#power-tariff: $12/kW-month at 60% adds 2.7 cents per kWh
    added = evaluate(site_energy.demand_usd_per_kwh, demand_charge_usd_per_kw_month=12.0, load_factor=0.6)
    assert round(100 * added, 1) == 2.7


@FEW
@given(saving=st.floats(1.0, 1e9), years=YEARS, rate=st.floats(0.001, 0.3))
def test_a_saving_is_worth_less_than_its_sum(evaluate, saving: float, years: float, rate: float) -> None:
    plain = evaluate(investment.undiscounted_saving_usd, saving_usd_per_year=saving, facility_life_years=years)
    value = evaluate(
        investment.present_value_of_saving_usd,
        saving_usd_per_year=saving,
        facility_life_years=years,
        facility_rate_per_year=rate,
    )
    assert 0 < value < plain


def test_present_value_of_the_printed_saving_year_by_year(evaluate) -> None:
    value = evaluate(
        investment.present_value_of_saving_usd,
        saving_usd_per_year=65e6,
        facility_life_years=15.0,
        facility_rate_per_year=0.08,
    )
    assert value == pytest.approx(sum(65e6 / 1.08**year for year in range(1, 16)))  # 556.4M, ledger I-37


@FEW
@given(rate=st.floats(0.001, 0.4), years=st.floats(0.5, 8.0))
def test_money_spent_while_building_costs_between_nothing_and_the_whole_term(
    evaluate, rate: float, years: float
) -> None:
    factor = evaluate(construction.construction_interest_factor, discount_rate_per_year=rate, construction_years=years)
    assert 1.0 < factor < (1 + rate) ** years
    steps = 4000
    summed = sum((1 + rate) ** (years * (k + 0.5) / steps) for k in range(steps)) / steps
    assert factor == pytest.approx(summed, rel=1e-6)


def test_construction_at_no_interest_costs_what_it_costs(evaluate) -> None:
    factor = evaluate(construction.construction_interest_factor, discount_rate_per_year=0.0, construction_years=3.0)
    assert factor == 1.0
    assert math.isfinite(factor)


@FEW
@given(mw=st.floats(1.0, 1000.0), opex=st.floats(1e5, 5e6), revenue=st.floats(5e6, 2e7))
def test_margins_do_not_depend_on_size(evaluate, mw: float, opex: float, revenue: float) -> None:
    def margin(size: float) -> float:
        return evaluate(
            investment.margin_before_depreciation_pct,
            facility_revenue_usd_per_year=revenue * size,
            facility_opex_usd_per_year=opex * size,
        )

    assert margin(mw) == pytest.approx(margin(1.0))
    assert margin(mw) > evaluate(
        investment.margin_after_depreciation_pct,
        facility_revenue_usd_per_year=revenue * mw,
        facility_opex_usd_per_year=opex * mw,
        facility_depreciation_usd_per_year=1.0,
    )
