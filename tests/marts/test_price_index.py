"""The mart of monthly price levels, worked by hand on invented prices."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipelines.marts import price_index
from tests.marts.price_core import core, rent, token

H100 = "gpu_rental/H100 SXM/on_demand"
QUOTES = [
    rent("a", 4.0, "2026-01-01", "2026-03-01"),
    rent("a", 2.0, "2026-03-01", None, "2026-06-30"),
    rent("b", 3.0, "2026-01-01", None, "2026-06-30"),
    # c is seen in January and again from April on, cheaper.
    rent("c", 8.0, "2026-01-01", "2026-02-01", source_id="weekly"),
    rent("c", 1.0, "2026-04-01", None, "2026-06-30", source_id="weekly"),
]


def table(segment=H100, **rows):
    made = price_index.build(core(**rows))
    assert price_index.SCHEMA.problems(made).is_empty()
    return made.filter(pl.col("segment") == segment)


def column(made, output, name):
    return made.filter(pl.col("output") == output, pl.col("window_months") == 0).sort("period")[name].to_list()


def test_levels_by_hand():
    made = table(fct_gpu_rental_rate=QUOTES)
    # Month to month: only a moves, half of two items' price: 1/sqrt(2) in March; c's fall lies in its gap.
    half = 2**-0.5
    assert column(made, "chained", "index_level") == pytest.approx([1, 1, half, half, half, half])
    # Against January, c counts from April on: (1/2 * 1 * 1/8)^(1/3).
    third = (1 / 16) ** (1 / 3)
    assert column(made, "fixed", "index_level") == pytest.approx([1, 1, half, third, third, third])
    multilateral = column(made, "multilateral", "index_level")
    assert third < multilateral[-1] < half
    assert column(made, "chained", "ratio_to_geks")[-1] == pytest.approx(half / multilateral[-1])


def test_what_a_level_rests_on():
    made = table(fct_gpu_rental_rate=QUOTES)
    assert column(made, "chained", "items_in_period") == [3, 2, 2, 3, 3, 3]
    assert column(made, "chained", "matched_items") == [3, 2, 2, 2, 3, 3]
    assert column(made, "fixed", "matched_items") == [3, 2, 2, 3, 3, 3]
    assert column(made, "chained", "coverage_pct")[3] == pytest.approx(200 / 3)
    assert column(made, "chained", "entered_items") == [0, 0, 0, 1, 0, 0]
    assert column(made, "chained", "exited_items") == [0, 1, 0, 0, 0, 0]
    assert column(made, "chained", "observed_items") == [3, 2, 2, 3, 3, 3]


def test_a_link_over_a_gap_says_how_many_months_it_spans():
    quotes = [rent(name, 4.0, "2026-01-01", "2026-02-01", source_id="weekly") for name in "ab"]
    quotes += [rent(name, 2.0, "2026-05-01", None, "2026-06-30", source_id="weekly") for name in "ab"]
    made = table(fct_gpu_rental_rate=quotes)
    assert column(made, "chained", "period") == [dt.date(2026, 1, 1), dt.date(2026, 5, 1), dt.date(2026, 6, 1)]
    assert column(made, "chained", "link_gap_months") == [0, 4, 1]
    assert column(made, "chained", "index_level") == pytest.approx([1, 0.5, 0.5])
    assert column(made, "fixed", "link_gap_months") == [0, 0, 0]


def test_rolling_windows_only_where_they_are_shorter_than_the_series():
    long = [token(name, 1.0, "2023-01-01", None, "2026-06-30") for name in ("m1", "m2")]
    made = table("tokens/output/all", fct_token_price=long)
    rolling = made.filter(pl.col("window_months") > 0)
    assert sorted(rolling["splice"].unique()) == ["mean", "movement"]
    assert rolling["index_level"].to_list() == pytest.approx([1.0] * rolling.height)
    short = table(fct_gpu_rental_rate=QUOTES)
    assert short["window_months"].unique().to_list() == [0]


def test_window_and_base_period_are_settings():
    made = price_index.build(core({"window_months": 3.0, "base_period": 202603.0}, fct_gpu_rental_rate=QUOTES))
    found = made.filter(pl.col("segment") == H100)
    assert sorted(found["window_months"].unique()) == [0, 3]
    march = found.filter(pl.col("period") == dt.date(2026, 3, 1))
    assert march["index_level"].to_list() == pytest.approx([1.0] * march.height)
    # A segment that does not reach the base period keeps its first month.
    early = price_index.build(core({"base_period": 202001.0}, fct_gpu_rental_rate=QUOTES))
    assert early.equals(price_index.build(core(fct_gpu_rental_rate=QUOTES)))


def test_the_order_of_rows_changes_no_bit():
    tables = core(fct_gpu_rental_rate=QUOTES)
    made = price_index.build(tables)
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=7) for name, frame in tables.items()}
    assert price_index.build(shuffled).equals(made)


def test_a_core_without_prices_gives_the_table_without_rows():
    made = price_index.build(core())
    assert made.schema == price_index.SCHEMA.empty().schema
    assert made.is_empty()
