"""The contract of market intervals: moments, lengths, duplicates, bounds. All rows here are synthetic."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from sources.power_prices.contract import CONTRACTS

GOOD = {
    "valid_from": "2024-01-01",
    "valid_to": "2024-01-02",
    "known_from": "2023-12-31",
    "known_basis": "first_seen",
    "last_observed": "2023-12-31",
    "observation_count": "1",
    "grade": "A",
    "citation": "synthetic:1",
    "zone_label": "XX",
    "sector": "day_ahead",
    "interval_start": "2024-01-01T10:00:00Z",
    "interval_end": "2024-01-01T11:00:00Z",
    "timezone": "Europe/Berlin",
    "resolution": "PT60M",
    "price": "80.5",
    "price_unit": "eur_per_mwh",
    "currency": "EUR",
}


def check(*rows):
    return CONTRACTS["interval"].validate(pl.DataFrame(list(rows), infer_schema_length=None), "synthetic")


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"price": "-499.99"},
        {"price": "0"},
        {"interval_start": "2024-01-01T11:00:00+01:00", "interval_end": "2024-01-01T12:00:00+01:00"},
        {"interval_end": "2024-01-01T10:15:00Z", "resolution": "PT15M"},
        {"interval_end": "2024-01-01T10:30:00Z", "resolution": "PT30M"},
        {"interval_start": "2024-03-30T23:00:00Z", "interval_end": "2024-03-31T22:00:00Z", "resolution": "P1D"},
        {"interval_start": "2024-10-26T22:00:00Z", "interval_end": "2024-10-27T23:00:00Z", "resolution": "P1D"},
        {"price_unit": "usd_per_mwh", "currency": "USD", "price": "9000", "sector": "real_time"},
        {"revision": "2", "auction": "1", "data_status": "provisional"},
    ],
)
def test_what_is_unusual_and_right_is_taken(change):
    outcome = check({**GOOD, **change})
    assert outcome.rejected.is_empty(), outcome.rejected["all_failures"].to_list()
    assert outcome.accepted.schema["interval_start"] == pl.Datetime("us", "UTC")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"interval_start": "2024-01-01T10:00:00"}, "must be a time with its offset"),
        ({"interval_start": "2024-01-01 10:00:00Z"}, "must be a time with its offset"),
        ({"interval_start": "2024-13-01T10:00:00Z"}, "must be a time with its offset"),
        ({"interval_end": None}, "not_nullable"),
        ({"interval_end": "2024-01-01T10:00:00Z"}, "interval_is_as_long_as_its_resolution"),
        ({"interval_end": "2024-01-01T09:00:00Z"}, "interval_is_as_long_as_its_resolution"),
        ({"interval_end": "2024-01-01T10:15:00Z"}, "interval_is_as_long_as_its_resolution"),
        ({"interval_end": "2024-01-02T08:00:00Z", "resolution": "P1D"}, "interval_is_as_long_as_its_resolution"),
        ({"price": "4000.01"}, "price_within_what_its_unit_allows"),
        ({"price": "-501"}, "price_within_what_its_unit_allows"),
        ({"price": None}, "not_nullable"),
        ({"currency": "USD"}, "currency_of_the_price_unit"),
        ({"timezone": None}, "not_nullable"),
        ({"sector": "commercial"}, "isin("),
        ({"revision": "0"}, "greater_than_or_equal_to(1)"),
    ],
)
def test_what_is_wrong_is_rejected_alone_and_named(change, rule):
    other = {**GOOD, "zone_label": "YY"}
    outcome = check(GOOD | {"zone_label": "ZZ"}, {**GOOD, **change}, other)
    assert outcome.accepted["row_number"].to_list() == [1, 3]
    assert rule in outcome.rejected["all_failures"].item()


def test_two_prices_of_one_interval_are_both_refused_and_a_repeated_one_counts_once():
    twice = check(GOOD, {**GOOD, "price": "80.6"}, {**GOOD, "zone_label": "YY"}, {**GOOD, "zone_label": "YY"})
    assert twice.accepted["row_number"].to_list() == [3]
    assert twice.rejected["rule"].unique().to_list() == ["one_price_per_interval"]
    quarter = {"interval_end": "2024-01-01T10:15:00Z", "resolution": "PT15M"}
    assert check(GOOD, {**GOOD, **quarter}, {**GOOD, "auction": "2"}).rejected.is_empty()


def test_typed_moments_keep_their_instant_and_naive_ones_are_refused():
    berlin = dt.datetime(2024, 1, 1, 11, tzinfo=ZoneInfo("Europe/Berlin"))
    frame = pl.DataFrame({**GOOD, "interval_start": berlin, "interval_end": berlin + dt.timedelta(hours=1)})
    assert frame.schema["interval_start"].time_zone == "Europe/Berlin"
    taken = CONTRACTS["interval"].validate(frame, "synthetic").accepted
    assert taken["interval_start"].item() == dt.datetime(2024, 1, 1, 10, tzinfo=dt.UTC)
    naive = frame.with_columns(pl.col("interval_start").dt.replace_time_zone(None))
    refused = CONTRACTS["interval"].validate(naive, "synthetic").rejected
    assert "interval_start: not_nullable" in refused["all_failures"].item()
