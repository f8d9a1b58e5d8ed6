"""Clock times without an offset, against Python's own time zones. All times here are synthetic."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from sources.power_prices.civil_time import NO_SUCH_TIME, NOT_A_PAIR, civil_day, to_utc


def local_day(day: dt.date, zone: str, minutes: int) -> tuple[list[dt.datetime], list[dt.datetime]]:
    """Every interval of a civil day as its clock shows it, and its moments, counted in UTC."""
    start = dt.datetime.combine(day, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)
    moments = [start + dt.timedelta(minutes=minutes * i) for i in range((end - start) // dt.timedelta(minutes=minutes))]
    return [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in moments], moments


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/London", "America/Chicago", "America/Los_Angeles"])
@pytest.mark.parametrize("minutes", [15, 30, 60])
@pytest.mark.parametrize(
    "day", ["2018-03-25", "2018-10-28", "2024-03-10", "2024-11-03", "2024-03-31", "2024-10-27", "2024-07-01"]
)
def test_a_day_is_read_as_it_was_written(zone, minutes, day):
    clock, moments = local_day(dt.date.fromisoformat(day), zone, minutes)
    read, problem = to_utc(pl.Series(clock), zone)
    assert read.to_list() == moments
    assert problem.null_count() == len(moments)
    assert len(moments) * minutes / 60 in (23, 24, 25)


def test_hours_that_cannot_be_resolved_say_why():
    clock = [dt.datetime(2018, 3, 25, 2), dt.datetime(2018, 10, 28, 2), dt.datetime(2018, 10, 27, 2), None]
    read, problem = to_utc(pl.Series(clock), "Europe/Berlin")
    assert read.is_null().to_list() == [True, True, False, True]
    assert problem.to_list() == [NO_SUCH_TIME, NOT_A_PAIR, None, None]
    thrice = pl.Series([dt.datetime(2018, 10, 28, 2)] * 3)
    assert to_utc(thrice, "Europe/Berlin")[1].to_list() == [NOT_A_PAIR] * 3


def test_an_hour_twice_on_an_ordinary_day_stays_the_same_moment_for_the_contract_to_refuse():
    read, problem = to_utc(pl.Series([dt.datetime(2018, 10, 27, 2)] * 2), "Europe/Berlin")
    assert read.n_unique() == 1
    assert problem.null_count() == 2


def test_the_civil_day_is_the_zones_own():
    frame = pl.DataFrame(
        {"at": [dt.datetime(2024, 6, 30, 23, tzinfo=dt.UTC)] * 3, "timezone": ["Europe/Berlin", "America/Chicago", "?"]}
    )
    days = frame.select(civil_day(pl.col("at"), ["Europe/Berlin", "America/Chicago"])).to_series().to_list()
    assert days == [dt.date(2024, 7, 1), dt.date(2024, 6, 30), None]
