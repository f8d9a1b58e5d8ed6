"""Rows of one offer become one row; those that cannot be priced stay by themselves (synthetic rows)."""

from __future__ import annotations

import pytest

from sources.errors import SourceError
from sources.gpu_rental import list_rows
from sources.payload import Payload

PAYLOAD = Payload("synthetic", "synthetic", b"", "text/csv", "2026-11-20")


def offer(row_number: int, price: str, **changes) -> list_rows.Row:
    stated = {"provider_label": "p", "sku_label": "m", "gpu_label": "H100", "region_label": "r", "commitment": "spot"}
    return list_rows.seen_today(PAYLOAD, row_number=row_number, price=price, **{**stated, **changes})


def merged(*rows: list_rows.Row) -> list[tuple]:
    found = list_rows.one_per_item(rows, "zones")
    return [(row["row_number"], row["price"], row["price_low"], row["price_high"], row["note"]) for row in found]


def test_the_lowest_price_stands_with_its_range():
    assert merged(offer(3, "2.50"), offer(1, "10"), offer(2, "9.5")) == [(1, "2.50", "2.50", "10", "3 zones")]


def test_equal_prices_have_no_range():
    assert merged(offer(1, "2.5", note="seen"), offer(2, "2.50")) == [(1, "2.5", None, None, "seen; 2 zones")]


def test_offers_that_differ_in_anything_stay_apart():
    assert len(merged(offer(1, "2"), offer(2, "2", region_label="s"), offer(3, "2", gpu_count="2"))) == 3


@pytest.mark.parametrize("price", ["0.00", "-1", "inf", "nan", "", "cheap", None])
def test_what_is_no_price_spoils_no_other(price):
    assert merged(offer(1, "2"), offer(2, price), offer(3, price)) == [
        (1, "2", None, None, None),
        (2, price, None, None, None),
        (3, price, None, None, None),
    ]


@pytest.mark.parametrize(("text", "figure"), [("2.5", 2.5), ("1e3", 1000.0), ("inf", -1), ("nan", -1), (None, -1)])
def test_a_figure_is_finite_or_none(text, figure):
    assert list_rows.finite(text) == figure


def test_a_key_that_is_no_column_is_an_error_that_names_the_nearest_one():
    with pytest.raises(SourceError, match=r"memory_gb.*no column.*gpu_memory_gb"):
        offer(1, "2", memory_gb=80)
    with pytest.raises(SourceError, match="'memory_gb'"):
        list_rows.numbered(PAYLOAD, [{"provider_label": "p", "gpu_label": "H100", "memory_gb": 80}], grade="A")
