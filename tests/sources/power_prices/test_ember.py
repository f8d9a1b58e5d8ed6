"""Ember: three real daily files through the local server; the hourly zip in its documented shape (synthetic)."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import zipfile
from collections import Counter

import polars as pl
import pytest

from sources.errors import SourceError
from tests.sources.power_prices.live import ask, checked, errors, made, payloads

VINTAGES = ("2025-01-09", "2026-04-15", "2026-04-30")


def daily(shared, vintage: str) -> bytes:
    return gzip.decompress((shared / f"data/power/ember_wholesale_daily_{vintage}.csv.gz").read_bytes())


@pytest.mark.shared
@pytest.mark.parametrize("vintage", VINTAGES)
def test_a_real_file_is_taken_but_for_days_without_a_price_or_with_two(shared, publisher_server, monkeypatch, vintage):
    body = daily(shared, vintage)
    publisher_server.serve("/daily.csv", body)
    monkeypatch.setenv("RACKHOUR_TODAY", vintage)
    (payload,) = payloads(ask("ember_daily", monkeypatch, publisher_server.base + "/daily.csv"))
    outcome = checked(payload)

    lines = list(csv.DictReader(io.StringIO(body.decode())))
    keys = Counter((line["iso3"], line["date"]) for line in lines)
    doubled = sum(count for count in keys.values() if count > 1)
    empty = sum(line["p"] == "" for line in lines)
    assert outcome.received == len(lines)
    rules = dict(outcome.rejected.group_by("rule").len().rows())
    expected = {"one_price_per_interval": doubled, "not_nullable": empty}
    assert rules == {rule: count for rule, count in expected.items() if count}
    assert outcome.accepted["known_from"].unique().to_list() == [dt.date.fromisoformat(vintage)]
    last = max(line["date"] for line in lines)
    provisional = outcome.accepted.filter(pl.col("data_status") == "provisional")
    assert provisional["valid_from"].cast(pl.String).unique().to_list() == [last]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("country", "column"), [("France", "France"), ("Switzerland", "Switzerland"), ("Czechia", "Czech Republic")]
)
def test_a_day_of_the_daily_file_is_a_day_in_utc(shared, country, column):
    """SMARD's hours of 2018, averaged over UTC days, meet Ember's days; averaged over local days they do not."""
    table = gzip.decompress((shared / "data/power/smard_dayahead_2018.csv.gz").read_bytes())
    hours = checked(made("smard", table, "text/csv")).accepted.filter(pl.col("zone_label") == column)
    days = checked(made("ember_daily", daily(shared, "2025-01-09"), "text/csv")).accepted
    days = days.filter(pl.col("zone_label") == country).select("interval_start", "price")

    def distance(day: pl.Expr) -> float:
        means = hours.group_by(day.cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias("interval_start")).agg(
            pl.col("price").mean().alias("mean")
        )
        met = means.join(days, on="interval_start")
        assert met.height > 360
        return met.select((pl.col("mean") - pl.col("price")).abs().median()).item()

    assert distance(pl.col("interval_start").dt.date()) < 0.005
    assert distance(pl.col("valid_from")) > 0.1


HOURLY = "Country,ISO3 Code,Datetime (UTC),Datetime (Local),Price (EUR/MWhe)\n"


def archive(files: dict[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made_zip:
        for name, text in files.items():
            made_zip.writestr(name, text)
    return held.getvalue()


def hours(country: str, code: str, first: dt.datetime, count: int) -> str:
    times = [first + dt.timedelta(hours=i) for i in range(count)]
    return HOURLY + "".join(f"{country},{code},{at},{at},{i % 50 - 5}.25\n" for i, at in enumerate(times))


def test_a_synthetic_zip_gives_a_payload_per_country_with_its_recent_lines(publisher_server, monkeypatch):
    germany = hours("Germany", "DEU", dt.datetime(2026, 8, 31), 24 * 60)
    files = {
        "hourly/Germany.csv": germany,
        "hourly/Greece.csv": hours("Greece", "GRC", dt.datetime(2020, 1, 1), 48),
        "hourly/all_countries.csv": germany,
    }
    publisher_server.serve("/hourly.zip", archive(files))
    monkeypatch.setenv("RACKHOUR_TODAY", "2026-11-20")
    answers = ask("ember_hourly", monkeypatch, publisher_server.base + "/hourly.zip")
    (payload,) = payloads(answers)
    (error,) = errors(answers)
    assert "Greece.csv has no line from 2026-09-01" in error
    outcome = checked(payload)
    assert (outcome.received, outcome.rejected.height) == (24 * 59, 0)
    assert outcome.accepted["interval_start"].min() == dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    assert payload.content.splitlines()[1].decode() in germany
    # Late on a UTC evening it is already the next civil day in Germany.
    evening = outcome.accepted.filter(pl.col("interval_start") == dt.datetime(2026, 9, 1, 22, tzinfo=dt.UTC))
    assert evening["valid_from"].item() == dt.date(2026, 9, 2)


def test_history_is_cut_to_the_days_asked_for(publisher_server, monkeypatch):
    publisher_server.serve("/h.zip", archive({"Germany.csv": hours("Germany", "DEU", dt.datetime(2020, 1, 1), 24 * 9)}))
    day = dt.date(2020, 1, 3)
    (payload,) = payloads(ask("ember_hourly", monkeypatch, publisher_server.base + "/h.zip", day, day))
    assert checked(payload).accepted["interval_start"].dt.date().unique().to_list() == [day]


def test_another_archive_or_other_columns_are_refused(publisher_server, monkeypatch):
    publisher_server.serve("/h.zip", archive({"readme.txt": "synthetic"}))
    with pytest.raises(SourceError, match="no country's file"):
        ask("ember_hourly", monkeypatch, publisher_server.base + "/h.zip")
    with pytest.raises(SourceError, match="other columns"):
        checked(made("ember_daily", b"Country,ISO3 Code,Date,Price (GBP/MWhe)\nA,AUT,2020-01-01,3\n", "text/csv"))
