"""Cost of capital, loans, project debt and commitments for any operands, beside a plain second implementation."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.capital import commitment, financing, loan
from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, READINGS
from pipelines.economics.schedule import years

EXAMPLES = settings(max_examples=40, deadline=None)
rate = st.floats(0.0, 0.3)
tenor = st.integers(1, 20)
share = st.floats(0.0, 1.0)
cost = st.floats(0.1, 60.0)
flag = st.sampled_from([0.0, 1.0])


def loan_row(k: float, n: int, level: float, balloon: float, **more: float) -> pl.DataFrame:
    operands = {"debt_rate_per_year": k, "tenor_years": float(n), "level_principal": level, "balloon_share": balloon}
    return pl.DataFrame({name: [float(value)] for name, value in {**operands, **more}.items()})


def services(k: float, n: int, level: float, balloon: float, size: float = 1000.0) -> list[float]:
    scheduled = years(loan_row(k, n, level, balloon, loan_usd=size), "tenor_years")
    return compute(scheduled, ["debt_service_usd"])["debt_service_usd"].to_list()


@EXAMPLES
@given(k=rate, n=tenor, level=flag, balloon=share)
def test_service_and_balloon_repay_the_loan_exactly(k: float, n: int, level: float, balloon: float) -> None:
    owed = 1000.0
    for paid in services(k, n, level, balloon):
        owed = owed * (1 + k) - paid
    assert owed == pytest.approx(1000.0 * balloon, abs=1e-3)


@EXAMPLES
@given(k=st.floats(0.001, 0.3), n=st.integers(2, 20))
def test_level_principal_costs_less_interest_than_an_annuity(k: float, n: int) -> None:
    assert sum(services(k, n, 1.0, 0.0)) < sum(services(k, n, 0.0, 0.0))


@EXAMPLES
@given(k=rate, n=tenor, level=flag, balloon=share)
def test_the_first_year_is_never_lighter_than_a_later_one(k: float, n: int, level: float, balloon: float) -> None:
    paid = services(k, n, level, balloon)
    assert paid[0] >= max(paid) - 1e-9 or paid[0] == pytest.approx(max(paid))


@EXAMPLES
@given(k=st.floats(0.001, 0.3), n=tenor, level=flag, balloon=share, flow=st.floats(1, 1e9), cover=st.floats(1, 3))
def test_capacity_is_the_loan_whose_service_is_the_one_supported(
    k: float, n: int, level: float, balloon: float, flow: float, cover: float
) -> None:
    row = loan_row(k, n, level, balloon, cash_flow_usd_per_year=flow, required_dscr=cover, loan_year=1.0)
    sized = compute(row, ["capacity_usd"], reading=AS_PUBLISHED)
    served = services(k, n, level, balloon, sized["capacity_usd"].item())
    assert served[0] == pytest.approx(flow / cover)


@EXAMPLES
@given(k=rate, n=tenor)
def test_after_the_tenor_nothing_is_owed(k: float, n: int) -> None:
    row = loan_row(k, n, 1.0, 0.0, loan_usd=1000.0, loan_year=n + 1.0)
    assert compute(row, ["debt_service_usd"])["debt_service_usd"].item() == 0.0


@EXAMPLES
@given(we=st.floats(0, 100), ke=cost, kd=cost, t=st.floats(0, 0.5), s=share)
def test_the_mix_costs_between_debt_after_tax_and_equity(we: float, ke: float, kd: float, t: float, s: float) -> None:
    row = pl.DataFrame(
        {
            "equity_share_pct": [we],
            "cost_of_equity_pct": [ke],
            "cost_of_debt_pct": [kd],
            "tax_share": [t],
            "shielded_share": [s],
        }
    )
    for reading in READINGS:
        made = compute(row, ["after_tax_cost_of_debt_pct", "wacc_pct"], reading).row(0, named=True)
        ends = sorted([made["after_tax_cost_of_debt_pct"], ke])
        assert ends[0] - 1e-9 <= made["wacc_pct"] <= ends[1] + 1e-9


def test_with_every_dollar_shielded_the_readings_agree(evaluate) -> None:
    operands = {"cost_of_debt_pct": 8.0, "tax_share": 0.21}
    published = evaluate(financing.after_tax_cost_of_debt_pct__as_published, **operands)
    assert evaluate(financing.after_tax_cost_of_debt_pct__professional, **operands, shielded_share=1.0) == published


def test_without_debt_there_is_no_ratio(evaluate) -> None:
    assert evaluate(financing.equity_to_debt_cost_ratio, cost_of_equity_pct=50.0, cost_of_debt_pct=0.0) is None


@EXAMPLES
@given(d=rate, ks=rate, ns=tenor, kl=rate, nl=tenor)
def test_the_debt_leg_is_the_sum_of_its_years(d: float, ks: float, ns: int, kl: float, nl: int) -> None:
    operands = {
        "loan_usd": 1000.0,
        "short_debt_rate_per_year": ks,
        "short_tenor_years": float(ns),
        "long_debt_rate_per_year": kl,
        "long_tenor_years": float(nl),
        "discount_rate_per_year": d,
    }
    row = pl.DataFrame({name: [value] for name, value in operands.items()})
    closed = compute(row, ["debt_leg_npv_usd"])["debt_leg_npv_usd"].item()
    yearly = years(row.with_columns(last=pl.lit(20)), "last")
    freed = compute(yearly, ["debt_service_freed_usd_per_year"])["debt_service_freed_usd_per_year"]
    assert closed == pytest.approx(sum(x / (1 + d) ** t for t, x in enumerate(freed, 1)), abs=1e-2)


def test_a_loan_discounted_at_its_own_rate_is_worth_itself(evaluate) -> None:
    same = {"short_debt_rate_per_year": 0.08, "short_tenor_years": 5.0, "discount_rate_per_year": 0.08}
    zero = {"long_debt_rate_per_year": 0.0, "long_tenor_years": 1.0}
    leg = evaluate(commitment.debt_leg_npv_usd, loan_usd=1.0, **same, **zero)
    assert leg == pytest.approx(1.0 - 1.0 / 1.08)


def contract(p: float, s: float, a: float, u: float, g: float, r: float, n: int, h: float) -> dict[str, float]:
    return {
        "contract_usd_per_gpu_hour": p,
        "on_demand_usd_per_gpu_hour": s,
        "availability": a,
        "utilisation": u,
        "rent_decline_per_year": g,
        "discount_rate_per_year": r,
        "contract_years": float(n),
        "default_rate_per_year": h,
    }


def contract_by_hand(p: float, s: float, a: float, u: float, g: float, r: float, n: int, h: float) -> float:
    total = 0.0
    for k in range(n):
        merchant = 8760 * s * u * (1 - g) ** k
        alive = (1 - h) ** (k + 1)
        total += (alive * (8760 * p * a) + (1 - alive) * merchant - merchant) / (1 + r) ** (k + 0.5)
    return total


price = st.floats(0.2, 10)


@EXAMPLES
@given(p=price, s=price, a=share, u=share, g=st.floats(0, 0.5), r=rate, n=st.integers(1, 6), h=st.floats(0, 0.4))
def test_a_contract_against_the_market_year_by_year(
    p: float, s: float, a: float, u: float, g: float, r: float, n: int, h: float
) -> None:
    row = pl.DataFrame({name: [value] for name, value in contract(p, s, a, u, g, r, n, h).items()})
    made = compute(row, ["contract_npv_usd_per_gpu"])["contract_npv_usd_per_gpu"].item()
    assert made == pytest.approx(contract_by_hand(p, s, a, u, g, r, n, h), rel=1e-6, abs=1e-3)


@EXAMPLES
@given(s=price, a=st.floats(0.5, 1), u=st.floats(0.1, 1), g=st.floats(0, 0.5), r=rate, n=st.integers(1, 6))
def test_at_the_indifference_price_the_gain_is_zero(s: float, a: float, u: float, g: float, r: float, n: int) -> None:
    row = pl.DataFrame({name: [value] for name, value in contract(1.0, s, a, u, g, r, n, 0.1).items()})
    even = compute(
        row.drop("contract_usd_per_gpu_hour"),
        ["indifference_contract_usd_per_gpu_hour", "indifference_discount_pct"],
    ).row(0, named=True)
    fair = even["indifference_contract_usd_per_gpu_hour"]
    at = row.with_columns(contract_usd_per_gpu_hour=pl.lit(fair))
    gained = compute(at, ["contract_npv_usd_per_gpu"])["contract_gain_usd_per_gpu"].item()
    assert gained == pytest.approx(0.0, abs=1e-6)
    assert fair == pytest.approx(s * (1 - even["indifference_discount_pct"] / 100))


@EXAMPLES
@given(cash=st.floats(-1e6, 1e7), more=st.floats(1, 1e6), wear=st.floats(0, 1e7), t=st.floats(0, 0.5))
def test_tax_takes_no_more_than_its_share_and_never_of_a_loss(cash: float, more: float, wear: float, t: float) -> None:
    def after(operating: float) -> float:
        row = pl.DataFrame(
            {"operating_cash_in_year_usd": [operating], "depreciation_usd_per_year": [wear], "tax_share": [t]}
        )
        return compute(row, ["cash_flow_in_year_usd"])["cash_flow_in_year_usd"].item()

    assert cash - after(cash) == pytest.approx(t * max(0.0, cash - wear), abs=1e-6)
    assert after(cash + more) >= after(cash) + (1 - t) * more - 1e-6


def test_a_cash_flow_below_zero_has_no_fall_left(evaluate) -> None:
    assert evaluate(loan.decline_to_breach_pct, dscr=-0.5, covenant_dscr=1.2) == -float("inf")
    assert evaluate(loan.decline_to_breach_pct, dscr=None, covenant_dscr=1.2) is None
