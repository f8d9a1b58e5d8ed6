"""Power contracts: each way a price can be wrong, and what is unusual and right. All rows here are synthetic."""

from __future__ import annotations

import polars as pl
import pytest

from sources.power_prices.contract import CONTRACTS

GOOD = {
    "valid_from": "2024-01-01",
    "valid_to": "2024-02-01",
    "known_from": "2024-03-25",
    "known_basis": "first_seen",
    "last_observed": "2024-06-25",
    "observation_count": "2",
    "grade": "A",
    "citation": "synthetic:1",
    "zone_label": "XX",
    "sector": "commercial",
    "interval_start": "2024-01-01",
    "interval_end": "2024-02-01",
    "price": "10.00",
    "price_unit": "usc_per_kwh",
    "currency": "USD",
    "sales_mwh": "1000",
    "revenue_kusd": "100",
}
EURO = {
    "price": "80.5",
    "price_unit": "eur_per_mwh",
    "currency": "EUR",
    "sector": "day_ahead",
    "sales_mwh": None,
    "revenue_kusd": None,
}
RATE = {
    "base_currency": "EUR",
    "quote_currency": "USD",
    "last_rate_date": "2024-01-31",
    "rate_count": "22",
    "rate": "1.09",
}


def check(contract: str, *rows: dict[str, str | None]):
    return CONTRACTS[contract].validate(pl.DataFrame(list(rows), infer_schema_length=None), "synthetic")


@pytest.mark.parametrize(
    "change",
    [
        {},
        EURO,
        {**EURO, "price": "-65.2"},
        {**EURO, "price": "0"},
        {**EURO, "price": None, "price_low": "0.5", "price_high": "12"},
        # Whole thousand dollars over a small cell: rounding, not a broken identity.
        {"price": "8.31", "sales_mwh": "2919", "revenue_kusd": "243"},
    ],
    ids=["retail", "wholesale", "negative", "zero", "range", "rounding"],
)
def test_what_is_unusual_and_right_is_taken(change):
    outcome = check("observation", {**GOOD, **change})
    assert outcome.rejected.is_empty(), outcome.rejected["all_failures"].to_list()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"price": "0.10"}, "price_is_revenue_over_sales"),
        ({"price": "100"}, "price_is_revenue_over_sales"),
        ({"price_unit": "usd_per_kwh"}, "price_within_what_its_unit_allows"),
        ({**EURO, "price": "8050"}, "price_within_what_its_unit_allows"),
        ({**EURO, "price": "-501"}, "price_within_what_its_unit_allows"),
        ({**EURO, "currency": "USD"}, "currency_of_the_price_unit"),
        ({"currency": "CNY"}, "isin(('USD', 'EUR'))"),
        ({"price_unit": "usd_per_mwh"}, "isin(('usc_per_kwh', 'usd_per_kwh', 'eur_per_mwh'))"),
        ({"price": None}, "a_price_or_both_ends_of_a_range"),
        ({"price": "."}, "must be a finite number"),
        ({"price_low": "12", "price_high": "9"}, "price_low_price_price_high_in_order"),
        ({"interval_end": "2024-01-01"}, "interval_start_before_interval_end"),
        ({"sector": "residential"}, "isin("),
        ({"sales_mwh": "-1"}, "greater_than_or_equal_to(0)"),
        ({"zone_label": " "}, "not_nullable"),
        ({"sales_mwh": "0", "revenue_kusd": "0"}, "energy_was_sold_and_charged_for"),
        ({"price": "0", "revenue_kusd": "0"}, "energy_was_sold_and_charged_for"),
    ],
)
def test_what_is_wrong_is_rejected_alone_and_named(change, rule):
    outcome = check("observation", GOOD, {**GOOD, **change}, GOOD)
    assert outcome.accepted["row_number"].to_list() == [1, 3]
    assert rule in outcome.rejected["all_failures"].item()


def test_a_rate_the_wrong_way_round_by_a_factor_is_rejected():
    base = {name: GOOD[name] for name in list(GOOD)[:8]} | RATE
    base |= {"interval_start": "2024-01-01", "interval_end": "2024-02-01"}
    outcome = check("fx_rate", base, {**base, "rate": "109"}, {**base, "rate_count": "0"}, {**base, "rate": None})
    assert outcome.accepted["row_number"].to_list() == [1]
    assert outcome.rejected.height == 3
