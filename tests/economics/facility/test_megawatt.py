"""A megawatt's year against the hours it is made of."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.economics.compute import compute

price = st.floats(0.1, 20)
cost = st.floats(0.01, 10)
share = st.floats(0.05, 1.0)


def row(**values: float) -> pl.DataFrame:
    return pl.DataFrame({name: [value] for name, value in values.items()}, schema=dict.fromkeys(values, pl.Float64))


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
