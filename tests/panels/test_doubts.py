"""Corrections are not price changes: which moves of a list enter no index, and what is counted. All prices invented."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipelines.marts import price_deflation, price_index, price_index_exclusion, price_panel_item
from pipelines.panels.quotes import quotes
from tests.marts.price_core import core, power, rent, token

OPENED = token("first", 1.0, "2025-01-01", None, "2026-06-30")
"""The source's first day, so that listings after it are new ones."""


def left_out(*rows):
    """Prices and what became of them, of all but the opening one."""
    made = quotes(core(fct_token_price=[OPENED, *rows])).filter(~pl.col("item").str.contains("first"))
    return [tuple(row) for row in made.sort("valid_from", "price").select("price", "left_out", "part").rows()]


def spells(model, *steps, **given):
    """A listing: each step a price and its first day; the last holds to the end of June."""
    ends = [start for _, start in steps[1:]] + [None]
    return [
        token(model, price, start, end, "2026-06-30" if end is None else None, **given)
        for (price, start), end in zip(steps, ends, strict=True)
    ]


def test_a_listing_corrected_in_its_first_days():
    rows = spells("m1", (60.0, "2026-01-05"), (15.0, "2026-01-09"))
    assert left_out(*rows) == [(60.0, "corrected_in_first_days", 0), (15.0, None, 0)]
    slow = spells("m1", (60.0, "2026-01-05"), (15.0, "2026-01-19"))
    assert [why for _, why, _ in left_out(*slow)] == [None, None]


def test_what_was_there_on_a_sources_first_day_may_be_of_any_age():
    rows = spells("m1", (4.0, "2025-01-01"), (2.0, "2025-01-04"))
    assert [why for _, why, _ in left_out(*rows)] == [None, None]


def test_there_and_back_within_a_month():
    rows = spells("m1", (2.0, "2026-01-05"), (5.0, "2026-03-01"), (2.0, "2026-03-20"))
    assert [why for _, why, _ in left_out(*rows)] == [None, "reversed_unconfirmed", None]
    long = spells("m1", (2.0, "2026-01-05"), (5.0, "2026-03-01"), (2.0, "2026-04-20"))
    assert [why for _, why, _ in left_out(*long)] == [None, None, None]


def test_another_source_that_shows_it_too_confirms_it():
    rows = spells("m1", (2.0, "2026-01-05"), (5.0, "2026-03-01"), (2.0, "2026-03-20"))
    other = spells("m1", (2.0, "2026-02-05"), (5.0, "2026-03-02"), (2.0, "2026-03-21"), source_id="weekly")
    assert {why for _, why, _ in left_out(*rows, *other)} == {None}


@pytest.mark.parametrize("factor", [1e3, 1e5, 1e6, 1 / 1e3])
def test_a_change_of_unit_cuts_the_item_in_two(factor):
    rows = [
        row
        for name in ("m1", "m2")
        for row in spells(name, (2.0 * factor, "2025-01-05"), (2.0, "2026-01-20"), (1.0, "2026-05-01"))
    ]
    assert [part for _, _, part in left_out(*rows[:3])] == [0, 1, 1]
    made = price_index.build(core(fct_token_price=[OPENED, *rows]))
    levels = made.filter(pl.col("segment") == "tokens/output/all", pl.col("output") == "chained").sort("period")
    # m1 and m2 halve in May; the opening price stays.
    assert levels["index_level"].to_list()[-1] == pytest.approx(0.5 ** (2 / 3))
    assert levels["index_level"].max() == pytest.approx(1.0)


def test_a_jump_that_another_source_shows_is_a_price_change():
    rows = spells("m1", (30.0, "2025-02-05"), (2.0, "2026-01-20"))
    other = spells("m1", (30.0, "2025-03-05"), (2.0, "2026-01-21"), source_id="weekly")
    assert {part for _, _, part in left_out(*rows, *other)} == {0}


def test_a_jump_there_and_back_leaves_the_listing_whole():
    rows = spells("m1", (2.0, "2026-01-05"), (2000.0, "2026-03-01"), (2.0, "2026-03-20"))
    assert left_out(*rows) == [(2.0, None, 0), (2000.0, "reversed_unconfirmed", 0), (2.0, None, 0)]


def test_spot_prices_do_come_and_go():
    rows = [
        rent("a", 2.0, "2026-01-01", "2026-03-01", commitment="spot"),
        rent("a", 40.0, "2026-03-01", "2026-03-10", commitment="spot"),
        rent("a", 2.0, "2026-03-10", None, "2026-06-30", commitment="spot"),
    ]
    made = quotes(core(fct_gpu_rental_rate=rows))
    assert made["left_out"].to_list() == [None] * 3
    assert made["part"].to_list() == [0] * 3


def test_an_exchange_rate_is_no_price_change():
    # The euro price halves once while the euro rises by a quarter: two lines, whose product is the dollar price's.
    months = [dt.date(2025 + m // 12, m % 12 + 1, 1) for m in range(13)]
    rates = [1.0 + 0.25 * m / 12 for m in range(13)]
    rows = [
        power("DE", None, f"{month}", original_price=80.0 if m < 12 else 40.0, original_currency="EUR", fx_rate=rate)
        for m, (month, rate) in enumerate(zip(months, rates, strict=True))
    ]
    made = price_deflation.build(core(fct_power_price=[{**row, "price_usd_per_kwh": 1.0} for row in rows]))
    assert made["annual_factor"].to_list() == pytest.approx([2.0] * made.height)
    assert made["fx_factor"].to_list() == pytest.approx([1 / 1.25] * made.height)


def test_a_sellers_own_list_in_euro_stands_still():
    euro = {"list_currency": "EUR", "list_price_per_gpu_hour": 3.0}
    rows = [
        rent("a", 3.0 * rate, f"2026-0{m}-01", f"2026-0{m + 1}-01", list_currency_usd=rate, **euro)
        for m, rate in ((1, 1.0), (2, 1.1), (3, 1.2))
    ]
    rows += [rent("b", 2.0, "2026-01-01", "2026-04-01")]
    made = price_index.build(core(fct_gpu_rental_rate=rows)).filter(
        pl.col("segment") == "gpu_rental/H100 SXM/on_demand"
    )
    assert made["index_level"].to_list() == pytest.approx([1.0] * made.height)


def test_everything_left_out_is_counted():
    rows = [
        OPENED,
        *spells("m1", (60.0, "2026-01-05"), (15.0, "2026-01-09")),
        *spells("m2", (2000.0, "2026-01-01"), (2.0, "2026-03-01")),
        token("m3", 0.0, "2026-01-01", None, "2026-06-30"),
        token("m4", 1.0, "2026-01-01", None, "2026-06-30", grade="C"),
        token("m5", 1.0, "2026-01-01", None, "2026-06-30", processing="batch"),
        token("m6-latest", 1.0, "2026-01-01", None, "2026-06-30"),
        token("m7", 1.0, "2026-07-15", None, "2026-06-30", known_from=dt.date(2026, 6, 1)),
        token("first", 1.2, "2026-05-01", None, "2026-06-30", source_id="weekly"),
    ]
    made = price_index_exclusion.build(core(fct_token_price=rows))
    assert price_index_exclusion.SCHEMA.problems(made).is_empty()
    counted = {(row["source_id"], row["exclusion"]): row["observations"] for row in made.rows(named=True)}
    assert counted == {
        ("monthly", "corrected_in_first_days"): 1,
        ("monthly", "jump_unconfirmed"): 1,
        ("monthly", "zero_or_negative"): 1,
        ("monthly", "grade_c"): 1,
        ("monthly", "not_standard_processing"): 1,
        ("monthly", "moving_alias"): 1,
        ("monthly", "announced"): 1,
        ("weekly", "another_source_speaks"): 2,
    }


def test_the_items_of_a_segment_are_those_its_index_rests_on():
    rows = [rent(name, 2.0, "2026-01-01", None, "2026-06-30") for name in "abc"]
    made = price_panel_item.build(core(fct_gpu_rental_rate=rows)).filter(
        pl.col("segment") == "gpu_rental/H100 SXM/on_demand"
    )
    assert price_panel_item.SCHEMA.problems(made).is_empty()
    assert made["unit"].to_list() == ["a", "b", "c"]
    assert made["months"].to_list() == [6, 6, 6]
    assert made["is_returning"].all()
