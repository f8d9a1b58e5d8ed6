"""Colocation facts, rates in force and markets on the embedded record, built by dbt as the product builds them."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt.power_colo import TODAY, build, land


@pytest.fixture(scope="module")
def today(tmp_path_factory):
    folder = tmp_path_factory.mktemp("colo")
    with duckdb.connect(str(build(folder, land(folder), TODAY)), read_only=True) as connection:
        yield connection


def rows(connection, query: str):
    return connection.sql(query).fetchall()


def test_every_level_is_a_fact_and_no_change_is(today):
    assert rows(today, "select source_id, count(*) from core.fct_colo_rate group by all order by all") == [
        ("colo_market_facts", 38),
        ("document_colo_rates", 14),
    ]
    assert rows(today, "select count(*) from staging.stg_colo_rates__unmapped") == [(0,)]
    assert rows(today, "select count(*) from core.fct_colo_rate where rate_type like '%change%'") == [(0,)]


def test_baskets_of_one_market_stay_visible(today):
    second_half = rows(
        today,
        "select market_label, rate_usd_per_kw_month::double, known_to is null from core.fct_colo_rate "
        "where market = 'us_primary' and valid_from = date '2022-07-01' order by known_from",
    )
    assert second_half == [("US primary markets (7)", 137.9, False), ("US primary markets (8)", 137.86, True)]


def test_a_range_stands_at_its_middle_with_both_ends(today):
    assert rows(
        today,
        "select rate_usd_per_kw_month::double, rate_usd_per_kw_month_low::double, rate_usd_per_kw_month_high::double "
        "from core.fct_colo_rate where market = 'new_york_new_jersey'",
    ) == [(160.0, 150.0, 170.0)]


@pytest.mark.parametrize(
    ("day", "market", "rate", "size", "grade", "stale"),
    [
        ("2024-06-30", "us_primary", 174.06, "250_500_kw", "A", False),
        # A repost of 194.95 for 2025-H2 displaces no rate that CBRE published itself.
        ("2026-11-10", "us_primary", 184.06, "250_500_kw", "A", True),
        # The standard size speaks while it is fresh, then a fresh larger size, then that one, stale.
        ("2023-12-31", "chicago", 120.0, "250_500_kw", "A", False),
        ("2024-06-30", "chicago", 160.0, "250_500_kw", "B", False),
        ("2026-11-10", "chicago", 160.0, "250_500_kw", "B", True),
        ("2026-11-10", "singapore", 397.5, "250_500_kw", "B", True),
        ("2024-06-30", "northern_virginia", 147.5, "3_10_mw_plus", "B", False),
        ("2026-11-10", "northern_virginia", 147.5, "3_10_mw_plus", "B", True),
        # The documents' own table speaks where nobody published a rate.
        ("2026-11-10", "nordics", 105.0, "unspecified", "C", False),
    ],
)
def test_the_rate_that_stands_for_a_day(today, day, market, rate, size, grade, stale):
    found = rows(
        today,
        "select rate_usd_per_kw_month, size_band, grade, is_stale from core.colo_rate_asof "
        f"where as_of_date = date '{day}' and market = '{market}'",
    )
    assert found == [(rate, size, grade, stale)]


def test_no_rate_stands_before_its_period_began(today):
    assert rows(today, "select count(*) from core.colo_rate_asof where valid_from > as_of_date") == [(0,)]
    assert rows(
        today, "select count(*) from core.colo_rate_asof where market = 'atlanta' and as_of_date < '2025-01-01'"
    ) == [(0,)]


@pytest.mark.parametrize(
    ("market", "zone", "sector", "space"),
    [
        ("us_average", "US", "commercial", "us_primary"),
        ("northern_virginia", "US-VA", "commercial", "northern_virginia"),
        ("silicon_valley", "US-CA", "commercial", "silicon_valley"),
        ("germany", "DE", "day_ahead", None),
        ("norway", "NO", "day_ahead", "nordics"),
        ("document_crusoe", "document_crusoe", "unspecified", None),
    ],
)
def test_markets_name_their_power_and_space(today, market, zone, sector, space):
    found = rows(today, f"select power_zone, power_sector, colo_market from core.dim_market where market = '{market}'")
    assert found == [(zone, sector, space)]
    assert rows(
        today,
        f"select count(*) from core.power_price_asof where zone = '{zone}' and sector = '{sector}' "
        "and as_of_date = date '2026-11-10'",
    ) == [(1,)]
