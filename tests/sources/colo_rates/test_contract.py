"""The colocation contract: each way a rate can be wrong. All rows here are synthetic."""

from __future__ import annotations

import polars as pl
import pytest

from sources.colo_rates.contract import CONTRACTS

GOOD = {
    "valid_from": "2024-01-01",
    "valid_to": "2024-07-01",
    "known_from": "2024-08-19",
    "known_basis": "published",
    "last_observed": "2024-08-19",
    "observation_count": "1",
    "grade": "A",
    "citation": "synthetic:1",
    "publisher_label": "nobody",
    "market_label": "Nowhere",
    "facility_type": "wholesale_colocation",
    "size_band": "250-500 kW",
    "rate_type": "asking",
    "price": "174.06",
    "price_unit": "usd_per_kw_month",
    "power_included": "unknown",
    "currency": "USD",
}
CHANGE = {"rate_type": "asking_change_yoy", "price_unit": "pct_change", "price": "-12.5"}


def check(*rows: dict[str, str | None]):
    return CONTRACTS["observation"].validate(pl.DataFrame(list(rows), infer_schema_length=None), "synthetic")


@pytest.mark.parametrize("change", [{}, CHANGE, {"price": None, "price_low": "120", "price_high": "140"}])
def test_levels_ranges_and_changes_are_taken(change):
    assert check({**GOOD, **change}).rejected.is_empty()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"price_unit": "usd_per_kw_hour"}, "isin(('usd_per_kw_month', 'pct_change'))"),
        ({"price": "0.25"}, "price_within_what_its_unit_allows"),
        ({"price": "2200"}, "price_within_what_its_unit_allows"),
        ({"price": None}, "a_price_or_both_ends_of_a_range"),
        ({"price": None, "price_low": "140", "price_high": "120"}, "price_low_price_price_high_in_order"),
        ({**CHANGE, "rate_type": "asking"}, "a_change_is_no_level"),
        ({"rate_type": "asking_change_hoh"}, "a_change_is_no_level"),
        ({"power_included": "maybe"}, "isin(('yes', 'no', 'unknown'))"),
        ({"currency": "EUR"}, "equal_to(USD)"),
        ({"market_label": ""}, "not_nullable"),
    ],
)
def test_what_is_wrong_is_rejected_alone_and_named(change, rule):
    outcome = check(GOOD, {**GOOD, **change}, GOOD)
    assert outcome.accepted["row_number"].to_list() == [1, 3]
    assert rule in outcome.rejected["all_failures"].item()
