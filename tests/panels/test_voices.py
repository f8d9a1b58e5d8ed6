"""One source speaks for an item at a time, and a change of source is never a change of price. All prices invented."""

from __future__ import annotations

import datetime as dt
import itertools

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.marts import price_index
from pipelines.panels.price_panel import item_months, monthly_prices
from pipelines.panels.voices import voiced
from tests.marts.price_core import core, rent, token

H100 = "gpu_rental/H100 SXM/on_demand"


def months(*rows):
    """Item's number (1 where it is one), month, price and source, of months in which somebody looked."""
    made = item_months(core(fct_gpu_rental_rate=list(rows))).filter("is_observed").sort("month", "item")
    return [
        (int(item.rpartition("#")[2]) if "#" in item else 1, f"{month:%m}", price, source)
        for item, month, price, source in made.select("item", "month", "price", "source_id").rows()
    ]


def test_the_better_standing_speaks_and_the_other_is_silent():
    same = {"start": "2026-01-01", "seen": "2026-03-31"}
    rows = (rent("a", 2.0, **same), rent("a", 3.0, **same, source_id="weekly"))
    assert months(*rows) == [(1, f"0{m}", 2.0, "monthly") for m in (1, 2, 3)]
    # A better grade goes before a better standing.
    better = (rows[0], {**rows[1], "grade": "A"})
    assert {price for _, _, price, _ in months(*better)} == {3.0}


def test_another_goes_on_where_both_agreed_in_the_month_of_the_hand_over():
    first = rent("a", 2.0, "2026-01-01", "2026-04-01", source_id="weekly")
    then = rent("a", 2.0, "2026-03-10", None, "2026-05-31")
    later = [rent("a", 2.0, "2026-03-10", "2026-05-01"), rent("a", 1.0, "2026-05-01", None, "2026-05-31")]
    assert [number for number, *_ in months(first, then)] == [1] * 5
    assert [(number, price) for number, _, price, _ in months(first, *later)] == [(1, 2.0)] * 4 + [(1, 1.0)]


@pytest.mark.parametrize(
    ("price", "start"), [(1.5, "2026-03-10"), (2.0, "2026-04-20")], ids=["they disagreed", "they never met"]
)
def test_otherwise_it_is_another_item(price, start):
    first = rent("a", 2.0, "2026-01-01", "2026-04-01", source_id="weekly")
    then = rent("a", price, start, None, "2026-06-30")
    made = months(first, then)
    assert {number for number, *_, source in made if source == "weekly"} == {1}
    assert {number for number, *_, source in made if source == "monthly"} == {2}
    assert len({month for _, month, *_ in made}) == len(made), "one voice a month"


def test_a_change_of_source_moves_no_index():
    # Two sellers whose first list says 4 and whose second says 2 for the same thing, met by chance in no month.
    rows = [rent(name, 4.0, "2026-01-01", "2026-03-01", source_id="weekly") for name in "ab"]
    rows += [rent(name, 2.0, "2026-03-01", None, "2026-06-30") for name in "ab"]
    made = price_index.build(core(fct_gpu_rental_rate=rows)).filter(pl.col("segment") == H100)
    assert made["index_level"].to_list() == pytest.approx([1.0] * made.height)


def test_what_comes_back_after_another_is_its_own_continuation():
    # The monthly list speaks, is lost for two months in which another says otherwise, and comes back cheaper.
    rows = [
        rent("a", 4.0, "2026-01-01", "2026-02-01"),
        rent("a", 9.0, "2026-02-01", "2026-04-01", source_id="weekly"),
        rent("a", 3.0, "2026-04-01", None, "2026-06-30"),
    ]
    assert [(number, price) for number, _, price, _ in months(*rows)] == [
        (1, 4.0),
        (2, 9.0),
        (2, 9.0),
        (1, 3.0),
        (1, 3.0),
        (1, 3.0),
    ]


def test_a_route_of_a_reseller_is_no_item_of_the_maker():
    same = {"start": "2026-01-01", "seen": "2026-06-30"}
    rows = [token("m2", 1.0, **same)]
    rows += [token("m2", 2.0, **same, provider="router", model_label="maker/m2")]
    rows += [token("m2", 0.5, **same, provider="router", model_label="maker/m2:nitro", route="nitro")]
    items = set(item_months(core(fct_token_price=rows))["item"])
    assert items == {f"{who}|output|standard|base" for who in ("seller|m2", "router|m2", "router|m2|nitro")}


def test_two_labels_of_one_thing_are_one_item():
    same = {"start": "2026-01-01", "seen": "2026-06-30"}
    rows = [token("m1", 1.0, **same), token("m1", 2.0, **same, model_label="maker/m1")]
    found = monthly_prices(core(fct_token_price=rows), "tokens/output/all")
    assert found["item"].n_unique() == 1
    assert found["price"].n_unique() == 1


prices = st.sampled_from([1.0, 1.001, 2.0, 4.0, None])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(prices, min_size=8, max_size=8), min_size=2, max_size=4))
def test_every_step_of_an_item_is_a_step_one_source_saw(table):
    """A second implementation of the rule: each step is one quote's own, or crosses where two agree."""
    start = dt.date(2026, 1, 1)
    rows = [
        {
            "item": "i",
            "quote": f"q{q}",
            "part": 0,
            "month": dt.date(2026, m + 1, 1),
            "price": price,
            "observed": True,
            "preference": str(q),
        }
        for q, line in enumerate(table)
        for m, price in enumerate(line)
        if price is not None
    ]
    if not rows:
        return
    spoken = voiced(pl.DataFrame(rows), 0.005).sort("item", "month")
    said = {(row["quote"], row["month"]): row["price"] for row in rows}
    for _, one in spoken.group_by("item", maintain_order=True):
        steps = one.select("quote", "month", "price").rows()
        for (voice, month, price), (later_voice, later_month, later_price) in itertools.pairwise(steps):
            if voice == later_voice:
                continue
            met = [
                (said.get((voice, later_month)), later_price),
                (price, said.get((later_voice, month))),
            ]
            assert any(p and q and max(p / q, q / p) <= 1.005 + 1e-9 for p, q in met)
    assert spoken["month"].n_unique() == spoken.height
    assert spoken["month"].min() >= start
