"""The moat of a better throughput: where it holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.tokens import pricing

price = st.floats(0.01, 50)
cost = st.floats(0.1, 20)


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
