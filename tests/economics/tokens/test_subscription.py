"""A subscriber's month and a thinking answer: what must hold for any operands."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL

FEW = settings(max_examples=40, deadline=None)
price = st.floats(0.05, 100)
tokens = st.floats(0, 1e6)


def row(**values: float) -> pl.DataFrame:
    return pl.DataFrame({name: [float(value)] for name, value in values.items()})


@FEW
@given(visible=st.floats(1, 1e6), thinking=tokens, listed=price, times=st.floats(0.1, 10))
def test_price_of_an_answer_is_linear_in_its_tokens(
    visible: float, thinking: float, listed: float, times: float
) -> None:
    def cost(v: float, t: float) -> float:
        frame = row(visible_tokens=v, thinking_tokens=t, output_list_usd_per_mtok=listed)
        return compute(frame, ["answer_price_usd"])["answer_price_usd"].item()

    assert cost(times * visible, times * thinking) == pytest.approx(times * cost(visible, thinking))
    assert cost(visible, thinking) == pytest.approx(cost(visible, 0) + cost(0, thinking))


@FEW
@given(share=st.floats(0, 1), read=price, cached=st.floats(0, 1), written=st.floats(0, 50), days=st.floats(28, 31))
def test_the_cache_saves_exactly_what_it_is_cheaper_by(
    share: float, read: float, cached: float, written: float, days: float
) -> None:
    made = compute(
        row(
            input_mtok_per_day=7.0,
            output_mtok_per_day=written,
            written_per_visible_token=1.0,
            days_per_month=days,
            input_list_usd_per_mtok=read,
            cached_input_list_usd_per_mtok=read * cached,
            cached_input_share=share,
            output_list_usd_per_mtok=5 * read,
        ),
        ["api_equivalent_usd", "api_equivalent_uncached_usd"],
    )
    saved = made["api_equivalent_uncached_usd"].item() - made["api_equivalent_usd"].item()
    assert saved == pytest.approx(days * 7.0 * share * read * (1 - cached), abs=1e-6)


def test_a_cost_share_of_one_is_the_list_price() -> None:
    habits = {"input_mtok_per_day": 2.0, "output_mtok_per_day": 0.3, "written_per_visible_token": 5.0}
    prices = {"input_list_usd_per_mtok": 5.0, "cached_input_list_usd_per_mtok": 0.5, "output_list_usd_per_mtok": 25.0}
    made = compute(
        row(**habits, **prices, cached_input_share=0.4, compute_share_of_list_price=1.0, days_per_month=30.0),
        ["monthly_cost_usd", "api_equivalent_usd"],
        reading=PROFESSIONAL,
    )
    assert made["monthly_cost_usd"].item() == pytest.approx(made["api_equivalent_usd"].item())
