"""Rows of one offer become one row; those that cannot be priced stay by themselves (synthetic rows)."""

from __future__ import annotations

import pytest

from sources.gpu_rental import snapshot
from sources.payload import Payload

PAYLOAD = Payload("synthetic", "synthetic", b"", "text/csv", "2026-11-20")


def offer(row_number: int, price: str, **changes) -> snapshot.Row:
    stated = {"provider_label": "p", "sku_label": "m", "gpu_label": "H100", "region_label": "r", "commitment": "spot"}
    return snapshot.seen_today(PAYLOAD, row_number=row_number, price=price, **{**stated, **changes})


def merged(*rows: snapshot.Row) -> list[tuple]:
    found = snapshot.one_per_item(rows, "zones")
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
    assert snapshot.number(text) == figure
