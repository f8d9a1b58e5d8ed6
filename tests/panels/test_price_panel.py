"""Which prices enter a panel, in which month, at what level. All prices here are invented."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from pipelines.panels.price_panel import monthly_prices, segment_panels
from pipelines.panels.quotes import quotes
from tests.marts.price_core import colo, core, power, rent, token

H100 = "gpu_rental/H100 SXM/on_demand"


def prices(segment, **rows):
    """Item's first part, month, price, observed: of one segment."""
    found = monthly_prices(core(**rows), segment).select("item", "month", "price", "observed")
    return {(item.split("|")[0], f"{month:%Y-%m}"): (price, observed) for item, month, price, observed in found.rows()}


def panel(segment, **rows):
    return next(found for found in segment_panels(core(**rows)) if found.segment == segment)


def test_a_price_of_a_month_is_weighted_by_the_days_it_was_in_force():
    found = prices(
        H100,
        fct_gpu_rental_rate=[
            rent("a", 4.0, "2026-03-01", "2026-04-11"),
            rent("a", 1.0, "2026-04-11", None, "2026-05-31"),
        ],
    )
    assert found["a", "2026-03"] == (4.0, True)
    assert found["a", "2026-04"][0] == pytest.approx((10 * 4 + 20 * 1) / 30)
    assert found["a", "2026-05"] == (1.0, True)


def test_a_price_nobody_looks_at_leaves_after_twice_the_cadence():
    quotes = [rent("a", 2.0, "2026-01-01", None, "2026-03-30", source_id="weekly")]
    found = prices(H100, fct_gpu_rental_rate=quotes)
    # 30 March and 14 days: in force to 13 April, but not seen in April.
    assert max(found) == ("a", "2026-04")
    assert found["a", "2026-04"] == (2.0, False)
    assert found["a", "2026-03"] == (2.0, True)


def test_a_series_ends_with_the_last_month_somebody_looked():
    quotes = [rent(name, 2.0, "2026-01-01", None, "2026-03-30") for name in ("a", "b")]
    found = panel(H100, fct_gpu_rental_rate=quotes)
    assert found.months[-1] == dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    "left_out",
    [
        {"grade": "C"},
        {"form_factor": "partial"},
        {"known_to": dt.date(2026, 2, 1)},
        {"valid_from": dt.date(2026, 7, 15), "known_from": dt.date(2026, 6, 1)},
    ],
    ids=["documents", "fraction of a GPU", "restated", "announced"],
)
def test_what_is_no_price_of_today_is_left_out(left_out):
    assert not prices(H100, fct_gpu_rental_rate=[rent("a", 2.0, "2026-01-01", None, "2026-06-01", **left_out)])


def test_what_sets_an_item_apart():
    base = {"start": "2026-01-01", "seen": "2026-06-01"}
    same = [rent("a", 2.0, **base), rent("a", 3.0, **base, source_id="weekly")]
    apart = [rent("a", 2.0, **base, **{name: "other"}) for name in ("sku", "form_factor", "region", "gpu_count")]
    found = monthly_prices(core(fct_gpu_rental_rate=same + apart))
    items = found.filter(found["segment"] == H100)
    # Two readings of one thing are one item: the better standing speaks, and the other is never heard.
    assert items["item"].n_unique() == 5
    assert items["price"].unique().to_list() == [2.0]


def test_terms_of_an_offer_set_an_item_apart_and_spellings_do_not():
    base = {"model": "m1", "start": "2026-01-01", "seen": "2026-06-01"}
    same = [token(price=2.0, **base, model_label="lab/M1"), token(price=3.0, **base, model_label="us.lab.m1-v1:0")]
    terms = {"region": "us", "quantisation": "fp8", "route": "nitro", "snapshot": "0813", "tier": "above_200000"}
    apart = [token(price=2.0, **base, **{name: value}) for name, value in terms.items()]
    items = quotes(core(fct_token_price=same + apart))["item"]
    assert items.n_unique() == 6
    assert items.to_list().count("seller|m1|output|standard|base") == 2
    assert {"seller|m1|us|output|standard|base", "seller|m1|output|standard|above_200000"} <= set(items)


def test_zero_and_negative_prices_have_no_relative_and_are_counted():
    rows = [token(name, 1.0, "2026-01-01", None, "2026-06-01") for name in ("m1", "m2")]
    rows += [token("free", 0.0, "2026-02-01", "2026-04-01"), token("free", 2.0, "2026-04-01", None, "2026-06-01")]
    found = panel("tokens/output/all", fct_token_price=rows)
    assert found.excluded.tolist() == [0, 1, 1, 0, 0, 0]
    assert found.panel.present.sum(axis=0).tolist() == [2, 2, 2, 3, 3, 3]
    hours = [power("DE", price, f"2026-0{month}-01") for month, price in ((1, 0.1), (2, -0.02), (3, 0.1))]
    found = panel("power/DE/industrial", fct_power_price=hours)
    assert [f"{month:%m}" for month in found.months] == ["01", "03"]


def test_labels_that_follow_the_newest_model_are_no_items():
    rows = [
        token(name, 1.0, "2026-01-01", None, "2026-06-01")
        for name in ("m1", "m2", "~maker/m-latest", "m-latest", "m-latest:free", "latest-news-1")
    ]
    found = monthly_prices(core(fct_token_price=rows))
    assert sorted({item.split("|")[1] for item in found["item"]}) == ["latest-news-1", "m1", "m2"]


def test_a_token_price_counts_from_the_day_it_was_recorded():
    told_later = token("m1", 5.0, "2025-01-01", "2026-01-10", known_from=dt.date(2026, 5, 5))
    still = token("m1", 4.0, "2026-01-10", None, "2026-06-01", known_from=dt.date(2026, 5, 5))
    found = prices("tokens/output/lab", fct_token_price=[told_later, still])
    assert sorted(month for _, month in found) == ["2026-05", "2026-06"]


def test_only_standard_processing():
    rows = [token("m1", 1.0, "2026-01-01", None, "2026-06-01", processing="batch")]
    assert not prices("tokens/output/all", fct_token_price=rows)


def test_baskets_of_markets_are_no_items_beside_their_members():
    rates = [colo(m, 100.0, "2026-01-01", "2026-06-01") for m in ("dallas", "phoenix", "us_primary")]
    found = panel("colo/all", fct_colo_rate=rates)
    assert found.panel.weight.size == 2
    assert panel("colo/us_primary", fct_colo_rate=rates).panel.weight.size == 1


def test_states_make_a_segment_and_their_derived_total_stands_apart():
    months = [f"2026-0{m}-01" for m in (1, 2, 3)]
    rows = [power(zone, 0.1, month, is_derived=zone == "US") for zone in ("US-TX", "US-VA", "US") for month in months]
    assert panel("power/US states/industrial", fct_power_price=rows).panel.weight.size == 2
    assert panel("power/US/industrial", fct_power_price=rows).panel.weight.size == 1


def test_one_seller_is_no_index_and_months_nothing_joins_are_not_compared():
    alone = [rent("a", 2.0, "2026-01-01", None, "2026-06-01")]
    assert list(segment_panels(core(fct_gpu_rental_rate=alone))) == []
    early = [rent(name, 2.0, "2025-01-01", "2025-03-01") for name in "ab"]
    late = [rent(name, 2.0, "2026-01-01", None, "2026-06-01") for name in "cd"]
    found = panel(H100, fct_gpu_rental_rate=early + late)
    assert (found.months[0], len(found.months)) == (dt.date(2026, 1, 1), 6)


def test_units_are_sellers():
    rows = [rent(name, 2.0, "2026-01-01", None, "2026-06-01", region=region) for name in "ba" for region in "xy"]
    assert np.bincount(panel(H100, fct_gpu_rental_rate=rows).unit).tolist() == [2, 2]


def test_a_routers_price_counts_where_the_weights_are_closed():
    """Whoever hosts an open model may stand behind the route today and another one tomorrow; unknown is not closed."""
    routed = [
        token(model, price, start, end, provider="router")
        for model in ("m1", "m2", "nobody-knows")
        for price, start, end in ((1.0, "2026-01-01", "2026-02-01"), (2.0, "2026-02-01", "2026-03-01"))
    ]
    found = quotes(core(fct_token_price=routed))
    assert set(found.select("unit", "left_out").iter_rows()) == {
        ("m1", "route_may_change"),
        ("m2", None),
        ("nobody-knows", "route_may_change"),
    }
