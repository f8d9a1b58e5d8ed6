"""Energy-Charts in its documented shape; every payload here is synthetic (no real one lies in ../shared)."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl
import pytest

from sources.errors import SourceError
from sources.power_prices import energy_charts
from sources.power_prices.energy_charts import parse
from sources.power_prices.zones import ENERGY_CHARTS
from tests.sources.power_prices.live import ask, checked, errors, made, payloads

LICENCE = "CC BY 4.0 (creativecommons.org/licenses/by/4.0) from Bundesnetzagentur | SMARD.de"


def body(start: dt.datetime, minutes: list[int], prices: list[float | None], unit: str = "EUR / MWh") -> bytes:
    seconds, at = [], start
    for length in minutes:
        seconds.append(int(at.timestamp()))
        at += dt.timedelta(minutes=length)
    document = {"license_info": LICENCE, "unix_seconds": seconds, "price": prices, "unit": unit, "deprecated": False}
    return json.dumps(document).encode()


def payload(content: bytes, zone: str = "DE-LU"):
    wrapped = b'{"bzn": "' + zone.encode() + b'", "pages": [' + content + b"]}"
    return made("energy_charts", wrapped, "application/json")


def test_each_zone_is_a_payload_of_its_own_and_what_is_unpublished_is_an_error(publisher_server, monkeypatch):
    monkeypatch.setenv("RACKHOUR_TODAY", "2025-09-30")
    # The market goes from hours to quarters at the end of 2025-09-30, German time.
    start = dt.datetime(2025, 9, 30, 20, tzinfo=dt.UTC)
    same = body(start, [60, 60, 15, 15, 15, 15], [10.0, -3.5, 7.0, 7.5, None, 8.0])
    for zone in ("DE-LU", "AT"):
        publisher_server.serve(f"/price?bzn={zone}&start=2025-09-23&end=2025-10-01", same)
    answers = ask("energy_charts", monkeypatch, publisher_server.base + "/price")
    kept = payloads(answers)
    assert [json.loads(item.content)["bzn"] for item in kept] == ["DE-LU", "AT"]
    assert kept[0].sha256 != kept[1].sha256  # equal prices in two zones are two payloads
    told = " ".join(errors(answers))
    assert told.count("has no prices yet") == len(ENERGY_CHARTS) - 3
    # Of the week's seven days that are over nothing came.
    assert told.count("7 of 7 days did not come, the first 2025-09-23") == 2
    assert "FR has no prices yet from 2025-09-23 to 2025-10-01" in " ".join(errors(answers))

    rows = checked(kept[0]).accepted.sort("interval_start")
    assert rows["resolution"].to_list() == ["PT60M", "PT60M", "PT15M", "PT15M", "PT15M"]
    assert rows["price"].to_list() == [10.0, -3.5, 7.0, 7.5, 8.0]
    assert rows["note"].unique().to_list() == [LICENCE]
    assert rows["valid_from"].to_list() == [dt.date(2025, 9, 30)] * 2 + [dt.date(2025, 10, 1)] * 3


def test_history_asks_the_zones_of_its_time(publisher_server, monkeypatch):
    day = dt.date(2018, 9, 30)
    ask("energy_charts", monkeypatch, publisher_server.base + "/price", day, day)
    asked = " ".join(request.path for request in publisher_server.requests)
    assert "DE-AT-LU" in asked
    assert "bzn=DE-LU" not in asked
    assert "bzn=AT" not in asked


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (body(dt.datetime(2025, 1, 1, tzinfo=dt.UTC), [60, 60], [1.0, 2.0], unit="ct / kWh"), "is in 'ct / kWh'"),
        (body(dt.datetime(2025, 1, 1, tzinfo=dt.UTC), [60, 60], [1.0]), "two lists of one length"),
        (json.dumps({"unix_seconds": [], "price": [], "unit": "EUR / MWh"}).encode(), "two lists of one length"),
    ],
)
def test_another_unit_or_shape_is_refused_as_a_whole(content, problem):
    with pytest.raises(SourceError, match=problem):
        parse(payload(content))


def test_a_gap_lengthens_no_interval_and_a_lone_point_has_no_length():
    start = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    gap = checked(payload(body(start, [60, 360, 60, 60], [1.0, 2.0, 3.0, 4.0]))).accepted
    assert gap["resolution"].unique().to_list() == ["PT60M"]
    alone = checked(payload(body(start, [60], [1.0]))).rejected
    assert "cannot be told" in alone["all_failures"].item()


def test_quarters_beside_gaps_are_quarters():
    """Synthetic: of the quarters from 07:00 to 10:00 UTC four are missing, each between two that are stated."""
    start = dt.datetime(2026, 3, 10, 7, tzinfo=dt.UTC)
    steps = [15, 15, 15, 30, 30, 30, 30, 15, 15, 15]
    rows = checked(payload(body(start, steps, [float(at) for at in range(10)]))).accepted
    assert rows["resolution"].to_list() == ["PT15M"] * 10
    assert rows["interval_end"][4] == dt.datetime(2026, 3, 10, 8, 30, tzinfo=dt.UTC)
    assert (rows["interval_end"] - rows["interval_start"]).sum() == dt.timedelta(minutes=150)


def test_a_day_with_more_gaps_than_steps_is_refused():
    start = dt.datetime(2026, 3, 10, 7, tzinfo=dt.UTC)
    outcome = checked(payload(body(start, [15, 30, 30, 30], [1.0, 2.0, 3.0, 4.0])))
    assert (outcome.accepted.height, outcome.rejected["rule"].unique().to_list()) == (
        0,
        ["the length of the interval cannot be told"],
    )


def test_each_civil_day_has_its_own_step():
    """Synthetic: the hours up to midnight in Berlin, the quarters from then on, and a start alone on the day after."""
    start = dt.datetime(2025, 9, 30, 20, tzinfo=dt.UTC)
    steps = [60, 60] + [15] * 96
    rows = checked(payload(body(start, [*steps, 15], [1.0] * 99))).accepted
    assert rows["resolution"].to_list() == ["PT60M"] * 2 + ["PT15M"] * 97
    apart = checked(payload(body(start, [*steps[:-1], 30, 15], [1.0] * 99)))
    assert (apart.accepted.height, apart.rejected["row_number"].to_list()) == (98, [99])


def test_past_days_that_did_not_come_are_told(publisher_server, monkeypatch):
    """Synthetic: of four days the second has no price stated, and the answer ends with the third."""
    monkeypatch.setattr(energy_charts, "ENERGY_CHARTS", {"FR": "Europe/Paris"})
    start = dt.datetime(2026, 3, 10, tzinfo=dt.UTC)
    prices = [None if 24 <= hour < 48 else 50.0 for hour in range(72)]
    publisher_server.serve("/price", body(start, [60] * 72, prices))
    first, last = dt.date(2026, 3, 10), dt.date(2026, 3, 13)
    answers = ask("energy_charts", monkeypatch, publisher_server.base + "/price", first, last)
    assert checked(payloads(answers)[0]).accepted.height == 48
    assert "FR: 2 of 4 days did not come, the first 2026-03-11." in errors(answers)[0]
    monkeypatch.setenv("RACKHOUR_TODAY", "2026-03-11")  # what is not over yet may still come
    answers = ask("energy_charts", monkeypatch, publisher_server.base + "/price", first, last)
    assert (len(payloads(answers)), errors(answers)) == (1, [])


def test_a_moment_twice_with_two_prices_is_refused():
    start = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    outcome = checked(payload(body(start, [60, 60, 0, 60, 60], [1.0, 2.0, 3.0, 4.0, 5.0])))
    assert outcome.accepted.filter(pl.col("price").is_in([3.0, 4.0])).is_empty()
