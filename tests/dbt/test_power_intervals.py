"""Market intervals in the model: real years of SMARD and documents of ENTSO-E, days of 23 and 25 hours, the split zone.

What is expected is counted from the raw tables with the csv module and Python's own time zones.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from pipelines.home.places import Home
from pipelines.landing import intake
from sources.registry import all_sources
from tests.dbt.building import PROJECT
from tests.dbt.power_looks import built, empty_home
from tests.server import PublisherServer
from tests.sources.power_prices.eia_rows import api_page, api_row
from tests.sources.power_prices.entsoe_documents import SPAIN, document, hours
from tests.sources.power_prices.live import ask, made, payloads

BERLIN = ZoneInfo("Europe/Berlin")
SAMPLES = ("day-ahead-prices-3-DE-LU", "day-ahead-prices-7-DE-LU", "day-ahead-prices-8-NO2-PT15M-PT60M")


def table(shared: Path, year: int) -> bytes:
    return gzip.decompress((shared / f"data/power/smard_dayahead_{year}.csv.gz").read_bytes())


def energy_charts(zone: str, start: dt.datetime, prices: list[float], day: str):
    """A synthetic answer of hours, seen on a day."""
    seconds = [int(start.timestamp()) + 3600 * i for i in range(len(prices))]
    page = {"license_info": "synthetic", "unix_seconds": seconds, "price": prices, "unit": "EUR / MWh"}
    content = json.dumps({"bzn": zone, "pages": [page]}).encode()
    return made("energy_charts", content, "application/json", day)


def land(home: Home, *given) -> None:
    for payload in given:
        intake.land_payloads(all_sources()[payload.source_id], home, [payload])


@pytest.fixture(scope="module")
def core(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("intervals")
    home, server = empty_home(folder), PublisherServer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RACKHOUR_TODAY", "2026-11-01")
        for year in (2015, 2018):
            server.forget()
            server.serve("/nip-download-manager/nip/download/market-data", table(shared, year))
            first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
            land(home, *payloads(ask("smard", patch, server.base + "/", first, last)))
    server.close()
    for name in SAMPLES:
        content = (shared / f"data/power/entsoe_samples/{name}.xml").read_bytes()
        land(home, made("entsoe", content, "application/xml", "2025-02-25"))
    # Synthetic: a day of Spain in a series without an auction's number, in the first auction's, and in an intraday one.
    day = dt.date(2025, 2, 25)
    series = [hours(SPAIN, day, 40), hours(SPAIN, day, 41, auction=1), hours(SPAIN, day, 70, contract="A07", auction=1)]
    land(home, made("entsoe", document(*series), "application/xml", "2025-02-25"))
    # Synthetic: three looks at the day the zone was split, a label on the wrong side of it, a price that is restated, a
    # key that vanishes, and one that no later look covers.
    start = dt.datetime(2018, 9, 30, 20, tzinfo=dt.UTC)
    land(
        home,
        energy_charts("DE-LU", start, [1.0, 2.0, 3.0, 4.0], "2018-10-01"),
        energy_charts("DE-LU", start, [1.0, 2.0, 3.5, 4.0], "2018-10-02"),
        energy_charts("DE-LU", start, [1.0, 2.0, 3.5], "2018-10-03"),
        energy_charts("DE-AT-LU", start, [1.0, 2.0, 9.0], "2018-10-01"),
    )
    hole = json.loads(energy_charts("FR", start, [5.0, 6.0, 7.0, 8.0], "2018-10-02").content)
    hole["pages"][0]["price"][1] = None
    land(
        home,
        energy_charts("FR", start, [5.0, 6.0, 7.0, 8.0], "2018-10-01"),
        made("energy_charts", json.dumps(hole).encode(), "application/json", "2018-10-02"),
    )
    # Synthetic: the same answer on two days, and every state's April with the sums the API sends along.
    same = energy_charts("NL", start, [5.0, 6.0], "2018-10-01")
    land(home, same, replace(same, observed_on="2018-10-05"))
    land(home, eia_api("COM", "2026-06-25"), eia_api("IND", "2026-06-25"))
    with duckdb.connect(str(built(home, folder, "2026-11-10")), read_only=True) as connection:
        connection.sql("set TimeZone = 'UTC'")
        yield connection


def eia_api(sector: str, day: str):
    """A synthetic page: 50 states and DC, Puerto Rico, a region and the country."""
    rows = [api_row("2026-04", state, f"{8 + at / 10:.2f}", sector) for at, state in enumerate(sorted(states()))]
    rows += [api_row("2026-04", "PR", "30.00", sector), api_row("2026-04", "ENC", "9.00", sector)]
    rows.append(api_row("2026-04", "US", "10.50", sector))
    page = api_page(rows, len(rows)).decode()
    return made("eia_api", f'{{"sectorid": "{sector}", "pages": [{page}]}}'.encode(), "application/json", day)


def states() -> list[str]:
    with (PROJECT / "seeds" / "xwalk_power_zone.csv").open(encoding="utf-8") as seed:
        listed = [row for row in csv.DictReader(seed) if row["source_id"] == "eia_api" and row["zone"] != "US-PR"]
    return [row["zone_label"].upper() for row in listed]


def months_of(shared: Path, year: int, column: str) -> dict[dt.date, tuple[float, int]]:
    """Mean and count of the stated lines of each month: the file's own lines, however the clock went."""
    rows = list(csv.reader(io.StringIO(table(shared, year).decode()), delimiter=";"))
    place = next(at for at, name in enumerate(rows[0]) if name.startswith(column + "["))
    found: dict[dt.date, list[float]] = defaultdict(list)
    for line in rows[1:]:
        if line[place]:
            day = dt.datetime.strptime(line[0], "%b %d, %Y").date()
            found[day.replace(day=1)].append(float(line[place]))
    return {month: (sum(prices) / len(prices), len(prices)) for month, prices in found.items()}


def hours_in(month: dt.date) -> int:
    after = (month + dt.timedelta(days=31)).replace(day=1)
    ends = [dt.datetime.combine(day, dt.time(), BERLIN).astimezone(dt.UTC) for day in (month, after)]
    return int((ends[1] - ends[0]).total_seconds()) // 3600


@pytest.mark.shared
@pytest.mark.parametrize(
    ("year", "column", "zone"),
    [
        (2018, "France", "FR"),
        (2018, "Germany/Austria/Luxembourg", "DE-AT-LU"),
        (2018, "Germany/Luxembourg", "DE-LU"),
        (2018, "Austria", "AT"),
        (2015, "Denmark 1", "DK1"),
        (2015, "Poland", "PL"),
        (2015, "Germany/Austria/Luxembourg", "DE-AT-LU"),
    ],
)
def test_a_month_is_the_mean_of_all_its_hours_or_none(core, shared, year, column, zone):
    made_months = core.sql(
        "select interval_start, original_price::double, price_usd_per_kwh::double, fx_rate::double, note, is_derived "
        f"from core.fct_power_price where source_id = 'smard' and zone = '{zone}' and year(interval_start) = {year}"
    ).fetchall()
    counted = months_of(shared, year, column)
    complete = {month for month, (_, count) in counted.items() if count == hours_in(month)}
    assert {row[0] for row in made_months} == complete
    # Poland's column has holes in every month of 2015.
    assert complete or column == "Poland"
    for month, price, dollars, rate, note, derived in made_months:
        mean, count = counted[month]
        assert price == pytest.approx(mean, abs=1e-6)
        assert dollars == pytest.approx(mean * rate / 1000, abs=1e-8)
        assert derived
        assert f"{count} intervals that fill the {hours_in(month)} hours" in note


def test_clock_changes_make_months_of_743_and_745_hours():
    assert [hours_in(dt.date(2018, month, 1)) for month in (3, 10, 7)] == [743, 745, 744]


@pytest.mark.shared
def test_the_zone_of_three_ends_as_its_successors_begin(core):
    spans = core.sql(
        "select zone, min(interval_start), max(interval_end) from core.power_interval_price where source_id = 'smard' "
        "and zone in ('DE-AT-LU', 'DE-LU', 'AT') and civil_day >= date '2018-01-01' group by zone order by zone"
    ).fetchall()
    split = dt.datetime(2018, 10, 1, tzinfo=BERLIN)
    assert [(zone, start.astimezone(dt.UTC), end.astimezone(dt.UTC)) for zone, start, end in spans] == [
        ("AT", split, dt.datetime(2019, 1, 1, tzinfo=BERLIN)),
        ("DE-AT-LU", dt.datetime(2018, 1, 1, tzinfo=BERLIN), split),
        ("DE-LU", split, dt.datetime(2019, 1, 1, tzinfo=BERLIN)),
    ]


@pytest.mark.shared
def test_a_label_on_the_wrong_side_of_the_split_is_unmapped_and_never_guessed(core):
    hours = core.sql(
        "select zone, hour(interval_start), original_price::double from core.power_interval_price "
        "where source_id = 'energy_charts' and known_to is null and zone like 'DE%' order by all"
    ).fetchall()
    # 22:00 UTC on 2018-09-30 is midnight in Berlin: hours before it are no DE-LU, the one after it no DE-AT-LU.
    assert hours == [("DE-AT-LU", 20, 1.0), ("DE-AT-LU", 21, 2.0), ("DE-LU", 22, 3.5), ("DE-LU", 23, 4.0)]
    left = dict(core.sql("select label, row_count from staging.stg_power_prices__unmapped").fetchall())
    assert left == {"DE-LU": 2, "DE-AT-LU": 1}


@pytest.mark.shared
def test_a_restated_price_and_a_vanished_one_are_closed_on_the_day_they_are_missed(core):
    known = core.sql(
        "select zone, hour(interval_start), original_price::double, known_from, known_to, last_observed, "
        "observation_count from core.power_interval_price "
        "where source_id = 'energy_charts' and zone in ('DE-LU', 'FR') order by all"
    ).fetchall()
    first, second, third = (dt.date(2018, 10, day) for day in (1, 2, 3))
    assert known == [
        ("DE-LU", 22, 3.0, first, second, first, 1),
        ("DE-LU", 22, 3.5, second, None, third, 2),
        # The last look ends before it: it says nothing of this hour.
        ("DE-LU", 23, 4.0, first, None, second, 2),
        ("FR", 20, 5.0, first, None, second, 2),
        ("FR", 21, 6.0, first, second, first, 1),
        ("FR", 22, 7.0, first, None, second, 2),
        ("FR", 23, 8.0, first, None, second, 2),
    ]


@pytest.mark.shared
def test_the_same_answer_on_two_days_is_one_row_seen_twice(core):
    seen = core.sql(
        "select known_from, known_to, last_observed, observation_count from core.power_interval_price "
        "where source_id = 'energy_charts' and zone = 'NL'"
    ).fetchall()
    assert seen == [(dt.date(2018, 10, 1), None, dt.date(2018, 10, 5), 2)] * 2


@pytest.mark.shared
@pytest.mark.parametrize("sector", ["commercial", "industrial"])
def test_the_open_data_apis_country_is_derived_from_its_states_alone(core, sector):
    zones = core.sql(
        "select zone, price_usd_per_kwh::double, is_derived, observation_count from core.fct_power_price "
        f"where source_id = 'eia_api' and sector = '{sector}'"
    ).fetchall()
    assert len(zones) == 53  # 50 states, DC, Puerto Rico and the total
    # Equal sales in all 51: the total is the mean of 8.00, 8.10, ... 13.00 cents.
    ((price, derived, looks),) = [row[1:] for row in zones if row[0] == "US"]
    assert (round(price, 6), derived, looks) == (0.105, True, 1)


@pytest.mark.shared
def test_quarters_and_hours_stand_apart_and_one_of_them_speaks_for_the_zone(core):
    series = core.sql(
        "select zone, civil_day, resolution, auction, bool_and(is_chosen), bool_or(is_chosen), count(*) "
        "from core.power_interval_price where source_id = 'entsoe' group by all order by all"
    ).fetchall()
    day = dt.date
    assert series == [
        ("DE-LU", day(2022, 11, 4), "PT15M", None, False, False, 96),
        ("DE-LU", day(2022, 11, 4), "PT60M", None, True, True, 24),
        ("DE-LU", day(2022, 11, 5), "PT15M", None, False, False, 96),
        ("DE-LU", day(2022, 11, 5), "PT60M", None, True, True, 24),
        # The second auction is another product; where the first is missing nothing speaks for the zone.
        ("DE-LU", day(2025, 2, 25), "PT15M", 2, False, False, 96),
        ("DE-LU", day(2025, 2, 25), "PT60M", 1, True, True, 24),
        ("DE-LU", day(2025, 2, 26), "PT15M", 2, False, False, 96),
        # A UTC day is two civil days; an intraday auction is in neither.
        *[
            ("ES", day(2025, 2, at), "PT60M", auction, auction == 1, auction == 1, count)
            for at, count in ((25, 23), (26, 1))
            for auction in (1, None)
        ],
        ("NO2", day(2025, 2, 25), "PT15M", None, True, True, 96),
        ("NO2", day(2025, 2, 26), "PT60M", None, True, True, 24),
    ]


@pytest.mark.shared
def test_negative_prices_stay_negative_in_dollars(core):
    low, wrong = core.sql(
        "select min(original_price)::double, count(*) filter (sign(price_usd_per_kwh) != sign(original_price)) "
        "from core.power_interval_price where source_id = 'smard'"
    ).fetchone()
    assert low < -70
    assert wrong == 0
