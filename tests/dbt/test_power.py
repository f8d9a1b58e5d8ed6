"""Power facts and prices in force on the embedded record, built by dbt as the product builds them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.dbt.power_colo import TODAY, build, land


@pytest.fixture(scope="module")
def landed(tmp_path_factory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("power")
    return folder, land(folder)


@pytest.fixture(scope="module")
def today(landed):
    with duckdb.connect(str(build(*landed, TODAY)), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def earlier(landed):
    """As of a day between two captures of either source."""
    with duckdb.connect(str(build(*landed, dt.date(2025, 4, 20))), read_only=True) as connection:
        yield connection


def one(connection, query: str):
    return connection.sql(query).fetchone()


def test_the_record_is_as_wide_as_promised(today):
    retail = today.sql(
        "select source_id, count(distinct zone), count(distinct sector), min(interval_start), max(interval_end) "
        "from core.fct_power_price where zone like 'US%' or zone like 'census%' group by all order by all"
    ).fetchall()
    assert retail == [
        ("eia861m_retail_prices", 52, 2, dt.date(2015, 1, 1), dt.date(2025, 5, 1)),
        ("eia_epm_state_prices", 51, 2, dt.date(2026, 4, 1), dt.date(2026, 5, 1)),
        ("eia_mer_us_prices", 1, 3, dt.date(2025, 1, 1), dt.date(2026, 1, 1)),
        ("eia_steo_division_prices", 10, 3, dt.date(2025, 1, 1), dt.date(2026, 1, 1)),
    ]
    for zone in ("DE", "NO"):
        months = one(today, f"select count(*) from core.fct_power_price where zone = '{zone}' and known_to is null")
        assert months == (136,)


def test_no_label_is_left_over(today):
    assert one(today, "select count(*) from staging.stg_power_prices__unmapped") == (0,)


def test_cents_become_dollars_and_keep_what_was_printed(today):
    row = one(
        today,
        "select price_usd_per_kwh, original_price, original_unit, fx_rate, is_derived from core.fct_power_price "
        "where zone = 'US-VA' and sector = 'commercial' and interval_start = date '2025-04-01'",
    )
    assert [float(row[0]), float(row[1]), *row[2:]] == [0.0922, 9.22, "usc_per_kwh", None, False]


def test_euros_per_mwh_become_dollars_at_the_months_mean_rate(today):
    price, original, rate, day, derived = one(
        today,
        "select price_usd_per_kwh, original_price, fx_rate, fx_date, is_derived from core.fct_power_price "
        "where zone = 'NO' and interval_start = date '2025-02-01' and known_to is null",
    )
    assert float(original) == 60.7539
    assert float(price) == pytest.approx(60.7539 * float(rate) / 1000, abs=1e-9)
    assert 1.0 < rate < 1.1
    assert day == dt.date(2025, 2, 28)
    assert derived


# US sales of electricity as the agency prints them, thousand MWh: Electric Power Monthly, table 5.1, release of
# 2024-08-23 (https://www.eia.gov/electricity/monthly/epm_table_grapher.cfm?t=epmt_5_1). Years it restated since are
# left out; the month is as it stood then.
PRINTED_YEARS = {
    "commercial": {
        2015: 1_360_752,
        2016: 1_367_191,
        2017: 1_352_888,
        2019: 1_360_877,
        2020: 1_287_440,
        2022: 1_390_873,
    },
    "industrial": {2015: 986_508, 2016: 976_715, 2017: 984_298, 2019: 1_002_353, 2020: 959_082, 2022: 1_020_464},
}
PRINTED_JUNE_2023 = {"commercial": 117_727, "industrial": 88_009}


@pytest.mark.parametrize("sector", PRINTED_YEARS)
def test_the_total_sells_what_the_agency_prints_for_the_country(today, sector):
    years = ", ".join(str(year) for year in PRINTED_YEARS[sector])
    sold = today.sql(
        "select year(interval_start), round(sum(sales_mwh) / 1000)::int from core.fct_power_price "
        f"where zone = 'US' and sector = '{sector}' and known_to is null and year(interval_start) in ({years}) "
        "group by all"
    ).fetchall()
    assert dict(sold) == PRINTED_YEARS[sector]
    then = one(
        today,
        "select round(sales_mwh / 1000)::int, round(price_usd_per_kwh - revenue_kusd / sales_mwh, 8)::double, "
        f"is_derived from core.fct_power_price where zone = 'US' and sector = '{sector}' "
        "and interval_start = date '2023-06-01' and known_from <= date '2024-09-26' and known_to > date '2024-09-26'",
    )
    assert then == (PRINTED_JUNE_2023[sector], 0.0, True)


def test_restatements_follow_each_other_without_a_gap(today):
    gaps = today.sql(
        "select count(*) from (select known_to, lead(known_from) over (partition by source_id, zone, sector, "
        "interval_start order by known_from) as next from core.fct_power_price) where known_to is distinct from next"
    ).fetchone()
    assert gaps == (0,)
    restated = one(today, "select count(*) from core.fct_power_price where zone like 'US-%' and known_to is not null")
    assert restated == (7331,)


def test_a_restatement_is_unknown_before_the_capture_that_shows_it(today, earlier):
    query = (
        "select data_status, known_from, known_to, last_observed, observation_count from core.fct_power_price "
        "where zone = 'US-VA' and sector = 'commercial' and interval_start = date '2024-10-01' order by known_from"
    )
    assert earlier.sql(query).fetchall() == [("Preliminary", dt.date(2025, 4, 15), None, dt.date(2025, 4, 15), 1)]
    assert today.sql(query).fetchall() == [("Preliminary", dt.date(2025, 4, 15), None, dt.date(2025, 7, 24), 2)]
    norway = "select count(*) from core.fct_power_price where zone = 'NO' and interval_start >= date '2025-01-01'"
    assert one(earlier, norway) == (0,)


def test_an_earlier_day_is_replayed_from_what_was_known(today, earlier):
    """Whatever an early release says in force, today's release still says was in force then."""
    figures = "source_id, zone, sector, interval_start, price_usd_per_kwh, known_from"
    then = earlier.sql(f"select {figures} from core.fct_power_price where known_to is null order by all").pl()
    again = today.sql(
        f"select {figures} from core.fct_power_price where known_from <= date '2025-04-20' "
        "and (known_to is null or known_to > date '2025-04-20') order by all"
    ).pl()
    assert then.height > 12_000
    assert then.equals(again)


def test_every_price_in_force_ended_by_the_day_and_is_the_latest(today):
    wrong = today.sql(
        "select count(*) from core.power_price_asof as a where a.interval_end - 1 > a.as_of_date or exists ("
        "select 1 from core.fct_power_price as f where f.zone = a.zone and f.sector = a.sector and f.known_to is null "
        "and f.interval_end - 1 <= a.as_of_date and f.interval_end > a.interval_end)"
    ).fetchone()
    assert wrong == (0,)


@pytest.mark.parametrize(
    ("day", "zone", "sector", "age", "stale"),
    [
        ("2025-04-30", "US-VA", "commercial", 0, False),
        ("2025-07-31", "US-VA", "commercial", 92, False),
        ("2025-08-31", "US-VA", "commercial", 123, True),
        ("2026-11-10", "US-VA", "commercial", 194, True),
        ("2026-11-10", "US", "commercial", 314, True),
        ("2026-04-30", "DE", "day_ahead", 0, False),
        ("2026-11-10", "DE", "day_ahead", 194, True),
        ("2026-11-10", "document_grid", "unspecified", 314, False),
    ],
)
def test_age_is_shown_and_staleness_allows_for_the_publishers_delay(today, day, zone, sector, age, stale):
    found = one(
        today,
        f"select age_days, is_stale from core.power_price_asof where as_of_date = date '{day}' "
        f"and zone = '{zone}' and sector = '{sector}'",
    )
    assert found == (age, stale)


def test_the_trailing_year_weighs_days_and_needs_twelve_months(today):
    months = today.sql(
        "select price_usd_per_kwh::double as price, interval_end - interval_start as days from core.fct_power_price "
        "where zone = 'US-TX' and sector = 'industrial' and known_to is null "
        "and interval_start between date '2024-05-01' and date '2025-04-01'"
    ).pl()
    (trailing,) = one(
        today,
        "select price_usd_per_kwh_trailing_12m from core.power_price_asof "
        "where as_of_date = date '2025-04-30' and zone = 'US-TX' and sector = 'industrial'",
    )
    weighted = months.select((pl.col("price") * pl.col("days")).sum() / pl.col("days").sum()).item()
    assert months.height == 12
    assert trailing == pytest.approx(weighted, abs=1e-12)
    assert one(
        today, "select count(price_usd_per_kwh_trailing_12m) from core.power_price_asof where zone like 'document%'"
    ) == (0,)


@pytest.mark.parametrize(
    ("zone", "sector", "month", "source", "price"),
    [
        # As the copies of the agency's tables print them.
        ("US-VA", "commercial", "2026-04-01", "eia_epm_state_prices", 0.1033),
        ("US-TX", "commercial", "2026-04-01", "eia_epm_state_prices", 0.0835),
        ("US-AR", "industrial", "2026-04-01", "eia_epm_state_prices", 0.062),
        ("US-DC", "commercial", "2026-04-01", "eia_epm_state_prices", 0.2326),
        ("US", "commercial", "2025-12-01", "eia_mer_us_prices", 0.1363),
        ("US", "industrial", "2025-12-01", "eia_mer_us_prices", 0.0853),
        ("US", "all_sectors", "2025-12-01", "eia_mer_us_prices", 0.1373),
        ("census_west_south_central", "commercial", "2025-12-01", "eia_steo_division_prices", 0.0932),
        ("census_alaska_and_hawaii", "industrial", "2025-12-01", "eia_steo_division_prices", 0.2902),
        ("census_new_england", "all_sectors", "2025-12-01", "eia_steo_division_prices", 0.2515),
    ],
)
def test_the_newest_retail_price_is_that_of_the_agencys_newest_table(today, zone, sector, month, source, price):
    found = one(
        today,
        "select interval_start, source_id, grade, price_usd_per_kwh from core.power_price_asof "
        f"where as_of_date = date '2026-11-10' and zone = '{zone}' and sector = '{sector}'",
    )
    assert found == (dt.date.fromisoformat(month), source, "B", pytest.approx(price, abs=1e-9))


def test_the_total_of_the_states_goes_before_the_agencys_average_of_the_same_month(today):
    voices = today.sql(
        "select interval_start, source_id, is_derived from core.power_price_asof "
        "where zone = 'US' and sector = 'commercial' and as_of_date in ('2025-04-30', '2025-05-31')"
    ).fetchall()
    assert sorted(voices) == [
        (dt.date(2025, 4, 1), "eia861m_retail_prices", True),
        (dt.date(2025, 5, 1), "eia_mer_us_prices", False),
    ]


def test_the_agencys_average_meets_the_total_of_the_states_within_its_restatements(today):
    apart = today.sql(
        "select agency.price_usd_per_kwh / states.price_usd_per_kwh - 1 from core.fct_power_price as agency "
        "join core.fct_power_price as states using (zone, sector, interval_start) "
        "where agency.source_id = 'eia_mer_us_prices' and states.is_derived and states.known_to is null"
    ).fetchall()
    assert len(apart) == 8  # two sectors, 2025-01 to 04
    assert max(abs(float(part)) for (part,) in apart) < 0.016


def test_nothing_newer_was_known_before_the_copies(earlier):
    assert one(earlier, "select max(interval_end) from core.fct_power_price where zone like 'US%'") == (
        dt.date(2025, 2, 1),
    )


def test_days_below_zero_are_counted_as_in_the_file(today):
    """Ember's daily file of 2026-04-30: no day of 2024 had a mean below zero in Germany; 10 had one in Sweden."""
    counted = today.sql(
        "select zone, year(civil_day), count(*) filter (original_price < 0), count(*) from core.power_interval_price "
        "where source_id = 'ember_days' and is_chosen and known_to is null "
        "and zone in ('DE', 'SE') and year(civil_day) between 2023 and 2025 group by all order by all"
    ).fetchall()
    assert counted == [
        ("DE", 2023, 3, 365),
        ("DE", 2024, 0, 366),
        ("DE", 2025, 2, 365),
        ("SE", 2023, 11, 365),
        ("SE", 2024, 10, 366),
        ("SE", 2025, 1, 365),
    ]


def test_one_record_speaks_for_a_month_of_a_country(today):
    sources = today.sql(
        "select zone, list_sort(list(distinct source_id)), count(distinct interval_start) from core.fct_power_price "
        "where zone in ('BE', 'DE', 'GB', 'NO') group by zone order by zone"
    ).fetchall()
    assert sources == [
        ("BE", ["ember_days"], 40),  # 2023-01 to 2026-04
        ("DE", ["ember_day_ahead"], 136),
        ("GB", ["ember_days"], 32),  # less eight with a day of clock changes, or without its end
        ("NO", ["ember_day_ahead"], 136),
    ]
