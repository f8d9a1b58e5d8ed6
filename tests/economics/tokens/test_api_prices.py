"""Caching and markups of list prices: identities that hold for any operands."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute

FEW = settings(max_examples=40, deadline=None)
price = st.floats(0.05, 100)


def row(**values: float) -> pl.DataFrame:
    return pl.DataFrame({name: [float(value)] for name, value in values.items()})


@FEW
@given(write=st.floats(1.01, 5), read=st.floats(0.01, 0.9))
def test_at_break_even_a_cache_costs_what_its_absence_costs(write: float, read: float) -> None:
    reads = compute(
        row(cache_write_multiple=write, cache_read_multiple=read),
        ["cache_breakeven_reads", "cache_breakeven_reads_whole_write"],
    )
    k = reads["cache_breakeven_reads"].item()
    both = compute(
        row(cache_write_multiple=write, cache_read_multiple=read, cache_reads=k),
        ["cached_prompt_cost", "uncached_prompt_cost"],
    )
    assert both["cached_prompt_cost"].item() == pytest.approx(both["uncached_prompt_cost"].item())
    # With the whole write as extra, k reads without a cache cost k: one request less is saved.
    whole = reads["cache_breakeven_reads_whole_write"].item()
    assert write + read * whole == pytest.approx(whole)
    assert whole - k == pytest.approx(1 / (1 - read))


@FEW
@given(listed=price, share=st.floats(0.01, 1.5))
def test_markup_is_one_over_one_less_margin(listed: float, share: float) -> None:
    made = compute(
        row(output_list_usd_per_mtok=listed, true_output_cost_usd_per_mtok=listed * share),
        ["output_token_margin_pct", "output_token_markup"],
    )
    margin = made["output_token_margin_pct"].item() / 100
    assert made["output_token_markup"].item() * (1 - margin) == pytest.approx(1)
