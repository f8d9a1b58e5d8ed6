"""SMARD: real tables of two years through the local server, the charts' JSON in its documented shape (synthetic)."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from sources.errors import SourceError
from sources.power_prices.smard import FILTERS
from tests.sources.power_prices.live import ask, checked, errors, made, payloads

BERLIN = ZoneInfo("Europe/Berlin")
YEARS = (2015, 2018)


def table(shared, year: int) -> bytes:
    return gzip.decompress((shared / f"data/power/smard_dayahead_{year}.csv.gz").read_bytes())


@pytest.fixture(params=YEARS)
def year(request) -> int:
    return request.param


@pytest.mark.shared
def test_a_real_year_is_downloaded_and_every_stated_cell_taken(shared, publisher_server, monkeypatch, year):
    body = table(shared, year)
    publisher_server.serve("/nip-download-manager/nip/download/market-data", body)
    (payload,) = payloads(
        ask("smard", monkeypatch, publisher_server.base + "/", dt.date(year, 1, 1), dt.date(year, 12, 31))
    )
    form = json.loads(publisher_server.bodies[0])["request_form"][0]
    assert (form["resolution"], form["format"], len(form["moduleIds"])) == ("hour", "CSV", 16)
    assert form["timestamp_from"] == dt.datetime(year, 1, 1, tzinfo=BERLIN).timestamp() * 1000

    outcome = checked(payload)
    assert outcome.rejected.is_empty()
    # Counted with the csv module: cells that hold something.
    lines = list(csv.reader(io.StringIO(body.decode()), delimiter=";"))[1:]
    assert outcome.received == sum(cell != "" for line in lines for cell in line[2:])
    assert outcome.accepted["price"].sum() == pytest.approx(
        sum(float(cell) for line in lines for cell in line[2:] if cell)
    )
    denmark = outcome.accepted.filter(pl.col("zone_label") == "Denmark 1").sort("interval_start")
    hours = denmark["interval_start"].diff().drop_nulls().unique().to_list()
    assert (denmark.height, hours) == (8760, [dt.timedelta(hours=1)])
    assert denmark["interval_start"].min() == dt.datetime(year, 1, 1, tzinfo=BERLIN)
    assert denmark["interval_end"].max() == dt.datetime(year + 1, 1, 1, tzinfo=BERLIN)


@pytest.mark.shared
def test_days_without_a_line_are_told(shared, publisher_server, monkeypatch):
    lines = table(shared, 2018).splitlines(keepends=True)
    cut = b"".join(line for line in lines if not line.startswith((b"Mar 3,", b"Dec 31,")))
    publisher_server.serve("/nip-download-manager/nip/download/market-data", cut)
    answers = ask("smard", monkeypatch, publisher_server.base + "/", dt.date(2018, 1, 1), dt.date(2018, 12, 31))
    assert len(payloads(answers)) == 1
    assert "2 of 365 days have no line, the first 2018-03-03." in errors(answers)[0]


@pytest.mark.shared
def test_the_days_the_clocks_change_have_23_and_25_hours_in_their_order(shared):
    rows = checked(made("smard", table(shared, 2018), "text/csv")).accepted.filter(pl.col("zone_label") == "France")
    hours = dict(rows.group_by("valid_from").len().filter(pl.col("len") != 24).rows())
    assert hours == {dt.date(2018, 3, 25): 23, dt.date(2018, 10, 28): 25}
    # The file's two lines of 2 AM on the day the clocks go back, as it prints them for France.
    twice = dict(rows.filter(pl.col("valid_from") == dt.date(2018, 10, 28)).select("interval_start", "price").rows())
    assert twice[dt.datetime(2018, 10, 28, 0, tzinfo=dt.UTC)] == 52.4
    assert twice[dt.datetime(2018, 10, 28, 1, tzinfo=dt.UTC)] == 50.12


@pytest.mark.shared
def test_the_zone_of_three_countries_ends_where_its_successors_begin(shared):
    rows = checked(made("smard", table(shared, 2018), "text/csv")).accepted
    spans = {
        zone: (start, end)
        for zone, start, end in rows.group_by("zone_label")
        .agg(pl.col("interval_start").min(), pl.col("interval_end").max())
        .rows()
    }
    split = dt.datetime(2018, 10, 1, tzinfo=BERLIN)
    assert spans["Germany/Austria/Luxembourg"][1] == split
    assert spans["Germany/Luxembourg"][0] == spans["Austria"][0] == split
    assert rows.filter(pl.col("price") < 0).height > 100


@pytest.mark.shared
@pytest.mark.parametrize(
    ("old", "new", "rejected"),
    [
        # An hour twice that is no hour of a clock change: two prices, both refused, in every zone that states them.
        ("Jul 3, 2018;2:00 AM", "Jul 3, 2018;1:00 AM", {"one_price_per_interval": 22, "the length": 0}),
        ("Jul 3, 2018;2:00 AM", "Jul 32, 2018;2:00 AM", {"no date and time": 11}),
        ("Mar 25, 2018;3:00 AM", "Mar 25, 2018;2:00 AM", {"a clock time that did not exist": 11}),
        ("Jul 3, 2018;2:00 AM;;", "Jul 3, 2018;2:00 AM;;4e4;", {}),
    ],
)
def test_a_damaged_line_of_a_real_table_is_refused_and_named(shared, old, new, rejected):
    text = table(shared, 2018).decode()
    assert text.count(old) == 1
    damaged = text.replace(old, new)
    if not rejected:
        with pytest.raises(SourceError, match="cannot be read"):
            checked(made("smard", damaged.encode(), "text/csv"))
        return
    outcome = checked(made("smard", damaged.encode(), "text/csv"))
    for rule, count in rejected.items():
        assert outcome.rejected.filter(pl.col("rule").str.starts_with(rule)).height == count, outcome.rejected


def chunk(start: dt.datetime, prices: list[float | None]) -> bytes:
    stamp = int(start.timestamp() * 1000)
    series = [[stamp + 900_000 * i, price] for i, price in enumerate(prices)]
    return json.dumps({"meta_data": {"version": 1, "created": stamp}, "series": series}).encode()


def test_synthetic_chunks_of_the_charts_make_one_payload_per_zone(publisher_server, monkeypatch):
    old, new = dt.datetime(2025, 10, 20, tzinfo=BERLIN), dt.datetime(2025, 10, 27, tzinfo=BERLIN)
    marks = [int(at.timestamp() * 1000) for at in (old, new)]
    hours_of_the_week = 7 * 24 + 1  # the clocks go back on 2025-10-26
    publisher_server.serve(
        "/app/chart_data/4169/DE/index_quarterhour.json", json.dumps({"timestamps": [1, *marks]}).encode()
    )
    for mark, body in zip(
        marks, [chunk(old, [1.5] * hours_of_the_week * 4), chunk(new, [-2.0, 3.25, None])], strict=True
    ):
        publisher_server.serve(f"/app/chart_data/4169/DE/4169_DE_quarterhour_{mark}.json", body)
    answers = ask("smard", monkeypatch, publisher_server.base + "/")
    (payload,) = payloads(answers)
    assert len(errors(answers)) == len(FILTERS) - 2  # nobody serves the other zones; the ended one is not asked for
    rows = checked(payload).accepted.sort("interval_start")
    assert rows["zone_label"].unique().to_list() == ["Germany/Luxembourg"]
    assert rows.height == hours_of_the_week * 4 + 2
    assert rows["price"].to_list()[-2:] == [-2.0, 3.25]
    assert rows["resolution"].unique().to_list() == ["PT15M"]
    assert rows.filter(pl.col("valid_from") == dt.date(2025, 10, 26)).height == 100


def test_a_table_of_another_shape_is_refused_as_a_whole():
    with pytest.raises(SourceError, match="no known shape"):
        checked(made("smard", b"Datum;Uhrzeit;Preis\n1;2;3\n", "text/csv"))


def test_the_newer_tables_start_and_end_columns_are_read():
    body = (
        "Start date;End date;Germany/Luxembourg [€/MWh] Original resolutions;Austria [€/MWh] Original resolutions\n"
        "Jan 1, 2025 12:00 AM;Jan 1, 2025 1:00 AM;1,002.16;-\n"
        "Jan 1, 2025 1:00 AM;Jan 1, 2025 2:00 AM;-1.6;14.2\n"
    )
    rows = checked(made("smard", body.encode(), "text/csv")).accepted
    assert sorted(rows["price"]) == [-1.6, 14.2, 1002.16]
