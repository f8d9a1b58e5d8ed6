"""The mart of yearly factors, worked by hand on invented prices."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipelines.marts import price_deflation, price_index
from tests.marts.price_core import core, power, rent, token

H100 = "gpu_rental/H100 SXM/on_demand"


def table(segment=H100, **rows):
    made = price_deflation.build(core(**rows))
    assert price_deflation.SCHEMA.problems(made).is_empty()
    return made.filter(pl.col("segment") == segment)


def halved(name, change="2025-06-15", **given):
    """A seller who halves its price once within 2025-01 to 2026-06."""
    return [
        rent(name, 4.0, "2025-01-01", change, **given),
        rent(name, 2.0, change, None, "2026-06-30", **given),
    ]


def test_a_factor_by_hand():
    made = table(fct_gpu_rental_rate=[*halved("a"), rent("b", 3.0, "2025-01-01", None, "2026-06-30")])
    span = (dt.date(2026, 6, 1) - dt.date(2025, 1, 1)).days
    for row in made.rows(named=True):
        # Half of two items halved: cheaper by sqrt(2) over the span.
        assert row["annual_factor"] == pytest.approx(2 ** (0.5 * 365 / span))
        assert row["annual_change_pct"] == pytest.approx(100 * (2 ** (-0.5 * 365 / span) - 1))
        assert (row["span_days"], row["is_extrapolated"], row["months"]) == (span, False, 18)
        assert (row["n"], row["resampled_units"], row["changed_items"]) == (2, 2, 1)
        assert (row["fewest_matched"], row["matched_ends"]) == (2, 2)
        assert (row["first_period"], row["last_period"]) == (dt.date(2025, 1, 1), dt.date(2026, 6, 1))
        assert row["ci_low"] is None, "two sellers are too few to resample"
        assert row["method_factor_min"] == pytest.approx(row["method_factor_max"])
    assert sorted(zip(made["method"], made["output"], strict=True)) == [
        ("geks_jevons", "multilateral"),
        ("jevons", "chained"),
        ("jevons", "fixed"),
        ("tpd", "multilateral"),
    ]


def test_an_interval_draws_sellers_whole_and_holds_the_factor():
    quotes = [quote for name in "abcdef" for region in "xyz" for quote in halved(name, region=region)]
    quotes += [rent(name, 3.0, "2025-01-01", None, "2026-06-30") for name in "ghij"]
    made = table(fct_gpu_rental_rate=quotes)
    assert made["resampled_units"].to_list() == [10] * made.height
    for row in made.filter(pl.col("method") != "tpd").rows(named=True):
        assert row["ci_basis"] == "bootstrap_units"
        assert row["ci_low"] < row["annual_factor"] < row["ci_high"]
    # The time-product dummy is there for the sensitivity of the factor to the method alone.
    assert made.filter(pl.col("method") == "tpd")["ci_basis"].to_list() == ["none"]
    assert made.equals(table(fct_gpu_rental_rate=quotes[::-1]))


def test_a_month_raised_to_the_twelfth_power_is_no_factor():
    quotes = [
        quote
        for name in "ab"
        for quote in (rent(name, 4.0, "2026-05-01", "2026-06-01"), rent(name, 2.0, "2026-06-01", None, "2026-06-30"))
    ]
    assert table(fct_gpu_rental_rate=quotes).is_empty()
    assert not price_index.build(core(fct_gpu_rental_rate=quotes)).is_empty()


def test_under_a_year_is_marked():
    quotes = [rent(name, 4.0, "2026-01-01", None, "2026-06-30") for name in "ab"]
    assert table(fct_gpu_rental_rate=quotes)["is_extrapolated"].unique().to_list() == [True]


def test_power_compares_the_same_month_of_two_years():
    # A winter twice as dear as summer, and nothing else: no inflation, though January to June halves.
    months = [dt.date(2024 + m // 12, m % 12 + 1, 1) for m in range(30)]
    rows = [power("DE", 0.2 if m.month in (12, 1, 2) else 0.1, m.isoformat()) for m in months]
    made = table("power/DE/industrial", fct_power_price=rows)
    assert made["annual_factor"].to_list() == pytest.approx([1.0] * made.height)
    assert made["first_period"].unique().to_list() == [dt.date(2024, 6, 1)]
    assert made["span_days"].unique().to_list() == [730]


def test_a_factor_is_the_movement_of_its_index():
    rows = [token(f"m{i}", 10.0 / (i + 1), "2024-01-01", f"2025-{i + 1:02d}-01") for i in range(6)]
    rows += [token(f"m{i}", 5.0 / (i + 2), f"2025-{i + 1:02d}-01", None, "2026-06-30") for i in range(6)]
    rows += [token(f"new{i}", 1.0, "2025-09-01", None, "2026-06-30") for i in range(3)]
    key = ["segment", "method", "output", "window_months", "splice"]
    levels = price_index.build(core(fct_token_price=rows)).sort("period").group_by(key).last()
    made = table("tokens/output/all", fct_token_price=rows).join(levels, on=key)
    assert made.height == 5
    for row in made.rows(named=True):
        assert row["annual_factor"] == pytest.approx(row["index_level"] ** (-365 / row["span_days"]))


def test_a_core_without_prices_gives_the_table_without_rows():
    assert price_deflation.build(core()).equals(price_deflation.SCHEMA.empty())
