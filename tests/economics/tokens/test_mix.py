"""The price of a mix of tokens: which mixes cost the printed price."""

from __future__ import annotations

import itertools

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute

share = st.floats(0.05, 1.0)


def test_no_mix_in_steps_of_five_percent_costs_the_printed_price():
    steps = [(i / 20, c / 20, (20 - i - c) / 20) for i, c in itertools.product(range(21), repeat=2) if i + c <= 20]
    frame = pl.DataFrame(
        steps, schema=["input_token_share", "cached_token_share", "output_token_share"], orient="row"
    ).with_columns(input_price_usd_per_mtok=5.0, cached_input_price_usd_per_mtok=0.5, output_price_usd_per_mtok=30.0)
    prices = compute(frame, ["mix_price_usd_per_mtok"])["mix_price_usd_per_mtok"]
    assert prices.round(2).is_in([6.67]).sum() == 0


@settings(max_examples=40)
@given(cached=share, target=st.floats(6, 25))
def test_the_output_share_for_a_price_gives_that_price(cached, target):
    prices = {
        "input_price_usd_per_mtok": [5.0],
        "cached_input_price_usd_per_mtok": [0.5],
        "output_price_usd_per_mtok": [30.0],
    }
    line = pl.DataFrame({**prices, "cached_share_of_input": [cached], "mix_price_usd_per_mtok": [target]})
    out = compute(line, ["output_share_for_mix_price"])["output_share_for_mix_price"].item()
    shares = {
        "input_token_share": [(1 - out) * (1 - cached)],
        "cached_token_share": [(1 - out) * cached],
        "output_token_share": [out],
    }
    made = compute(pl.DataFrame({**prices, **shares}), ["mix_price_usd_per_mtok"])
    assert made["mix_price_usd_per_mtok"].item() == pytest.approx(target)
