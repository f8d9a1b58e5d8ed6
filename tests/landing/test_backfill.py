"""`rackhour backfill`: months, what is skipped and asked again, and what a source without history answers.

The publisher of these tests is invented (synthetic) and gives one row a month over a real HTTP server.
"""

from __future__ import annotations

import datetime as dt
import json
from types import ModuleType

import polars as pl
import pytest

from pipelines.landing import backfill, intake
from pipelines.landing.backfill import BackfillError, stretches
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec
from tests.conftest import rackhour

D = dt.date


@pytest.mark.parametrize(
    ("first", "last", "made"),
    [
        (D(2026, 1, 1), D(2026, 1, 31), [(D(2026, 1, 1), D(2026, 1, 31))]),
        (D(2026, 1, 15), D(2026, 3, 2), [
            (D(2026, 1, 15), D(2026, 1, 31)), (D(2026, 2, 1), D(2026, 2, 28)), (D(2026, 3, 1), D(2026, 3, 2)),
        ]),
        (D(2025, 12, 31), D(2026, 1, 1), [(D(2025, 12, 31), D(2025, 12, 31)), (D(2026, 1, 1), D(2026, 1, 1))]),
        (D(2024, 2, 29), D(2024, 2, 29), [(D(2024, 2, 29), D(2024, 2, 29))]),
    ],
)  # fmt: skip
def test_a_span_is_cut_at_months_and_no_day_is_lost_or_doubled(first, last, made):
    assert list(stretches(first, last, "month")) == made
    days = [a + dt.timedelta(n) for a, b in made for n in range((b - a).days + 1)]
    assert days == [first + dt.timedelta(n) for n in range((last - first).days + 1)]


def test_a_publisher_that_answers_in_one_piece_is_asked_once():
    span = (D(2024, 5, 1), D(2026, 2, 3))
    assert list(stretches(*span, "whole")) == [span]
    assert [a for a, _ in stretches(*span, "year")] == [D(2024, 5, 1), D(2025, 1, 1), D(2026, 1, 1)]
    assert list(stretches(*span, "year"))[-1] == (D(2026, 1, 1), D(2026, 2, 3))


@pytest.fixture
def publisher(monkeypatch, publisher_server) -> SourceSpec:
    """A synthetic source of power prices whose history is asked for month by month."""
    spec = SourceSpec(
        source_id="synthetic_power", family="power_prices", title="Synthetic", publisher="Nobody", licence="invented",
        cadence_days=31, grade="C", unit="USD per kWh", known_basis="published", payloads="append", shape="snapshots",
        live="https://synthetic.invalid",
    )  # fmt: skip
    connector = ModuleType("synthetic")

    def fetch_range(spec, client, first, last):
        response = client.get("/prices", params={"from": str(first), "to": str(last)})
        yield Payload(spec.source_id, response.address, response.content, "text/csv", observed_on="2026-11-01")

    def parse(payload: Payload) -> pl.DataFrame:
        start, price = payload.content.decode().split(",")
        days = dict.fromkeys(("valid_from", "interval_start", "last_observed"), start)
        ends = {c: str(dt.date.fromisoformat(start) + dt.timedelta(1)) for c in ("valid_to", "interval_end")}
        labels = {"zone_label": "x", "sector": "industrial", "price_unit": "usd_per_kwh", "currency": "USD"}
        known = {"known_from": "2026-11-01", "known_basis": "published", "observation_count": "1", "grade": "C"}
        return pl.DataFrame([{**days, **ends, **labels, **known, "citation": "synthetic", "price": price}])

    connector.fetch_range, connector.parse = fetch_range, parse
    monkeypatch.setattr(SourceSpec, "load_connector", lambda self: connector)
    monkeypatch.setattr(backfill, "select", lambda names: [spec])
    monkeypatch.setenv("RACKHOUR_BASE_SYNTHETIC_POWER", publisher_server.base)
    monkeypatch.setenv("RACKHOUR_TODAY", "2026-11-21")
    for month in range(1, 12):
        publisher_server.serve(
            f"/prices?from=2026-{month:02}-01&to={_end(month)}", f"2026-{month:02}-01,0.{month}".encode()
        )
    return spec


def _end(month: int) -> dt.date:
    return D(2026, month + 1, 1) - dt.timedelta(1) if month != 11 else D(2026, 11, 21)


def test_history_lands_once_and_is_taken_up_where_it_stopped(publisher, publisher_server, home):
    done = backfill.backfill(home, "synthetic_power", D(2026, 1, 1), D(2026, 3, 31), again=False)
    assert (len(done.landed), done.payloads, done.rows, done.failed) == (3, 3, 3, [])
    assert intake.state(publisher, home).accepted == 3
    asked = len(publisher_server.requests)
    more = backfill.backfill(home, "synthetic_power", D(2026, 1, 1), D(2026, 4, 30), again=False)
    assert (len(more.skipped), len(more.landed)) == (3, 1)
    assert len(publisher_server.requests) == asked + 1
    again = backfill.backfill(home, "synthetic_power", D(2026, 1, 1), D(2026, 4, 30), again=True)
    assert (len(again.landed), again.rows) == (4, 0)


def test_a_month_that_fails_is_told_and_asked_for_again(publisher, publisher_server, home):
    publisher_server.serve("/prices?from=2026-02-01&to=2026-02-28", b"", status=404)
    done = backfill.backfill(home, "synthetic_power", D(2026, 1, 1), D(2026, 3, 31), again=False)
    assert [stretch[0] for stretch, _ in done.failed] == [D(2026, 2, 1)]
    assert len(done.landed) == 2
    publisher_server.serve("/prices?from=2026-02-01&to=2026-02-28", b"2026-02-01,0.2")
    more = backfill.backfill(home, "synthetic_power", D(2026, 1, 1), D(2026, 3, 31), again=False)
    assert (more.landed, len(more.skipped)) == ([(D(2026, 2, 1), D(2026, 2, 28))], 2)


def test_a_month_that_is_not_over_is_asked_for_again(publisher, home):
    for _ in range(2):
        done = backfill.backfill(home, "synthetic_power", D(2026, 11, 1), D(2026, 11, 21), again=False)
        assert len(done.landed) == 1


@pytest.mark.parametrize(("first", "last"), [(D(2026, 3, 1), D(2026, 2, 1)), (D(2026, 1, 1), D(2027, 1, 1))])
def test_days_that_are_no_span_are_refused(publisher, home, first, last):
    with pytest.raises(BackfillError):
        backfill.backfill(home, "synthetic_power", first, last, again=False)


def test_a_source_without_history_says_what_it_has(home):
    with pytest.raises(BackfillError, match=r"genai_prices has no history to ask for\. It ships with the package"):
        backfill.backfill(home, "genai_prices", D(2026, 1, 1), D(2026, 2, 1), again=False)
    with pytest.raises(SourceError, match="Did you mean"):
        backfill.backfill(home, "genai_price", D(2026, 1, 1), D(2026, 2, 1), again=False)


def test_the_command_tells_it_in_one_line(tmp_path):
    done = rackhour("backfill", "genai_prices", "--from", "2026-01-01", "--to", "2026-02-01", home=tmp_path)
    assert done.returncode == 1
    assert "has no history to ask for" in done.stderr
    assert "Traceback" not in done.stderr
    done = rackhour("backfill", "genai_prices", "--from", "May", "--to", "2026-02-01", home=tmp_path)
    assert "--from 'May' is not a date" in done.stderr


def test_a_real_connector_in_a_real_process(publisher_server, tmp_path):
    """Energy-Charts' documented shape with invented prices (synthetic), one answer for every zone and month."""
    first, last = dt.datetime(2025, 12, 1, tzinfo=dt.UTC), dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    hours = list(range(int(first.timestamp()), int(last.timestamp()), 3600))
    body = {"license_info": "CC BY 4.0", "unix_seconds": hours, "price": [80.0] * len(hours), "unit": "EUR / MWh"}
    publisher_server.serve("/price", json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    place = {"RACKHOUR_BASE_ENERGY_CHARTS": f"{publisher_server.base}/price", "RACKHOUR_TODAY": "2026-11-21"}
    span = ["--from", "2025-12-01", "--to", "2026-01-31"]  # its stretch is a year
    done = rackhour("backfill", "energy_charts", *span, home=tmp_path, env=place)
    assert done.returncode == 0, done.stderr
    assert "2 stretches landed, 0 landed before, 0 failed" in done.stdout
    assert "next: rackhour refresh --as-of 2026-11-21" in done.stdout
    asked = [request.path for request in publisher_server.requests]
    assert sum("start=2026-01-01&end=2026-01-31" in path for path in asked) == len(asked) / 2 > 0
    again = rackhour("backfill", "energy_charts", *span, home=tmp_path, env=place)
    assert "0 stretches landed, 2 landed before, 0 failed" in again.stdout
    assert len(publisher_server.requests) == len(asked)
