"""The rack-hour factory: break-evens are where nothing is earned, and the sums scale as they must."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute

positive = st.floats(0.05, 20)
share = st.floats(0.05, 1.0)
speed = st.floats(1_000, 500_000)


FIGURES = [
    "factory_contribution_usd",
    "gross_profit_usd",
    "factory_bill_usd",
    "revenue_usd",
    "fixed_cost_usd_per_mtok",
    "breakeven_tokens_per_s_per_rack",
    "breakeven_inference_share",
    "breakeven_mix_price_usd_per_mtok",
    "decline_to_breakeven_pct",
    "rent_rise_to_breakeven_pct",
    "contribution_usd_per_it_mw_year",
    "contribution_usd_per_facility_mw_year",
]


def year(**changed: float) -> dict:
    """One factory's figures; the operands not given are synthetic."""
    operands = {
        "gpus": 100_000.0,
        "gpus_per_rack": 72.0,
        "rental_usd_per_gpu_hour": 3.0,
        "tokens_per_s_per_rack": 50_000.0,
        "inference_share": 0.5,
        "mix_price_usd_per_mtok": 6.67,
        "realised_price_share": 0.5,
        "kw_per_rack": 120.0,
        "pue": 1.1,
    } | changed
    frame = pl.DataFrame({name: [float(value)] for name, value in operands.items()})
    return compute(frame, FIGURES).row(0, named=True)


@pytest.mark.parametrize(
    ("operand", "breakeven"),
    [
        ("tokens_per_s_per_rack", "breakeven_tokens_per_s_per_rack"),
        ("inference_share", "breakeven_inference_share"),
        ("mix_price_usd_per_mtok", "breakeven_mix_price_usd_per_mtok"),
    ],
)
@settings(max_examples=40)
@given(rent=positive, tokens=speed, used=share, price=positive, realised=share)
def test_at_each_break_even_the_contribution_is_zero(operand, breakeven, rent, tokens, used, price, realised):
    operands = {
        "rental_usd_per_gpu_hour": rent,
        "tokens_per_s_per_rack": tokens,
        "inference_share": used,
        "mix_price_usd_per_mtok": price,
        "realised_price_share": realised,
    }
    at = year(**{**operands, operand: year(**operands)[breakeven]})
    assert at["factory_contribution_usd"] == pytest.approx(0.0, abs=1e-9 * at["factory_bill_usd"])
    assert at["decline_to_breakeven_pct"] == pytest.approx(0.0, abs=1e-7)


@settings(max_examples=40)
@given(rent=positive, tokens=speed, used=share, price=positive)
def test_the_three_falsifiers_lie_equally_far_off(rent, tokens, used, price):
    made = year(
        rental_usd_per_gpu_hour=rent, tokens_per_s_per_rack=tokens, inference_share=used, mix_price_usd_per_mtok=price
    )
    far = pytest.approx(made["decline_to_breakeven_pct"], rel=1e-6, abs=1e-7)
    assert 100 * (1 - made["breakeven_tokens_per_s_per_rack"] / tokens) == far
    assert 100 * (1 - made["breakeven_inference_share"] / used) == far
    assert 100 * (1 - made["breakeven_mix_price_usd_per_mtok"] / price) == far


@settings(max_examples=30)
@given(rent=positive, tokens=speed)
def test_rent_may_rise_to_its_break_even_and_no_further(rent, tokens):
    made = year(rental_usd_per_gpu_hour=rent, tokens_per_s_per_rack=tokens)
    risen = rent * (1 + made["rent_rise_to_breakeven_pct"] / 100)
    at = year(rental_usd_per_gpu_hour=risen, tokens_per_s_per_rack=tokens)
    assert at["factory_contribution_usd"] == pytest.approx(0.0, abs=1e-9 * at["factory_bill_usd"])


def test_the_range_of_the_falsifiers_does_not_count_the_racks_twice():
    """Bill and revenue grow alike with the racks: a range of racks must leave their distance a point."""
    racks = {"racks": [1_389.0], "racks_low": [1_389.0], "racks_high": [1_400.0]}
    prices = {"gpus_per_rack": [72.0], "rental_usd_per_gpu_hour": [3.0], "mix_price_usd_per_mtok": [6.67]}
    service = {"tokens_per_s_per_rack": [50_000.0], "inference_share": [0.5], "realised_price_share": [0.5]}
    names = ("decline_to_breakeven_pct", "rent_rise_to_breakeven_pct", "factory_contribution_usd")
    made = compute(pl.DataFrame({**racks, **prices, **service}), names).row(0, named=True)
    for name in names[:2]:
        ends = {made.get(f"{name}{end}") for end in ("", "_low", "_high")} - {None}
        assert max(ends) == pytest.approx(min(ends))
    assert made["factory_contribution_usd_low"] < made["factory_contribution_usd_high"]


@settings(max_examples=30)
@given(times=st.integers(2, 9), used=share)
def test_more_racks_scale_money_and_leave_prices_and_megawatts_alone(times, used):
    one = year(gpus=72_000, inference_share=used)
    many = year(gpus=72_000 * times, inference_share=used)
    for name in ("factory_bill_usd", "revenue_usd", "factory_contribution_usd", "gross_profit_usd"):
        assert many[name] == pytest.approx(times * one[name])
    for name in ("fixed_cost_usd_per_mtok", "breakeven_tokens_per_s_per_rack", "contribution_usd_per_it_mw_year"):
        assert many[name] == pytest.approx(one[name])


@settings(max_examples=30)
@given(used=share, pue=st.floats(1, 2))
def test_training_is_what_parts_gross_profit_and_contribution(used, pue):
    made = year(inference_share=used, pue=pue)
    unused = made["factory_bill_usd"] * (1 - used)
    assert made["gross_profit_usd"] - made["factory_contribution_usd"] == pytest.approx(unused, abs=1.0)
    per_it, per_site = made["contribution_usd_per_it_mw_year"], made["contribution_usd_per_facility_mw_year"]
    assert per_it == pytest.approx(per_site * pue)


@settings(max_examples=30)
@given(ratio=st.floats(0, 50), written=speed, read=speed)
def test_a_mixed_ceiling_lies_between_reading_and_writing(ratio, written, read):
    frame = pl.DataFrame(
        {
            "decode_tokens_per_s": [written],
            "prefill_tokens_per_s": [read],
            "input_tokens_per_output_token": [ratio],
        }
    )
    mixed = compute(frame, ["mixed_tokens_per_s_per_rack"])
    value = mixed["mixed_tokens_per_s_per_rack"].item()
    assert min(written, read) * (1 - 1e-9) <= value <= max(written, read) * (1 + 1e-9)
