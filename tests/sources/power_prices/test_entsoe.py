"""ENTSO-E: nine real documents through the local server; damage and refusals are synthetic."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl
import pytest

from sources.errors import SourceError
from sources.power_prices.entsoe import REPEATED
from tests.sources.power_prices.live import ask, checked, errors, made, payloads

TOKEN = "synthetic-token-0123456789"
SAMPLES = {
    "day-ahead-prices-1": (48, 0),
    "day-ahead-prices-2": (24, 0),
    "day-ahead-prices-3-DE-LU": (240, 0),
    "day-ahead-prices-4": (48, 0),
    "day-ahead-prices-5": (24, 2),
    "day-ahead-prices-6-NO1-PT15M": (96, 72),
    "day-ahead-prices-7-DE-LU": (216, 1),
    "day-ahead-prices-8-NO2-PT15M-PT60M": (120, 72),
    "mocked-day-ahead-prices-1": (48, 0),
}
"""Intervals of each document, and how many of them it leaves out (counted from positions: see below)."""


def sample(shared, name: str) -> bytes:
    return (shared / f"data/power/entsoe_samples/{name}.xml").read_bytes()


@pytest.mark.shared
@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_document_is_asked_for_with_a_token_nobody_sees(shared, publisher_server, monkeypatch, name):
    body = sample(shared, name)
    publisher_server.serve("/api", body)
    monkeypatch.setenv("ENTSOE_TOKEN", TOKEN)
    payload = payloads(ask("entsoe", monkeypatch, publisher_server.base + "/api"))[0]
    assert "securityToken=" + TOKEN in publisher_server.requests[0].path
    assert TOKEN not in payload.origin + str(payload.metadata)
    assert "documentType=A44" in payload.origin

    outcome = checked(payload)
    assert outcome.rejected.is_empty()
    intervals, repeated = SAMPLES[name]
    # Counted with regular expressions: points as written, and the lengths of the periods they stand in.
    text = body.decode()
    assert outcome.accepted.height == intervals
    assert outcome.accepted["note"].is_in([REPEATED]).sum() == repeated
    assert intervals - repeated == len(re.findall(r"<Point>", text))
    written = {round(float(price), 2) for price in re.findall(r"<price.amount>([^<]+)<", text)}
    assert {round(price, 2) for price in outcome.accepted["price"]} == written


@pytest.mark.shared
def test_a_point_left_out_repeats_the_one_before_it_within_its_period(shared):
    rows = checked(made("entsoe", sample(shared, "day-ahead-prices-5"), "application/xml")).accepted.sort(
        "interval_start"
    )
    # Positions 1 and 3 are written, -2 and -1.75; position 2 is left out.
    assert rows["price"].to_list()[:3] == [-2.0, -2.0, -1.75]
    assert rows["interval_start"][0] == dt.datetime(2024, 10, 17, 22, tzinfo=dt.UTC)


@pytest.mark.shared
def test_two_resolutions_of_one_zone_stay_apart(shared):
    rows = checked(made("entsoe", sample(shared, "day-ahead-prices-7-DE-LU"), "application/xml")).accepted
    assert dict(rows.group_by("resolution", "auction").len().select("resolution", "len").rows()) == {
        "PT15M": 192,
        "PT60M": 24,
    }
    assert rows.filter(pl.col("resolution") == "PT15M")["auction"].unique().to_list() == [2]
    assert rows["revision"].unique().to_list() == [1]
    assert rows["timezone"].unique().to_list() == ["Europe/Berlin"]


REFUSAL = b"""<?xml version="1.0"?><Acknowledgement_MarketDocument xmlns="urn:synthetic">
<Reason><code>999</code><text>No matching data found</text></Reason></Acknowledgement_MarketDocument>"""


def test_a_refusal_means_no_data_and_the_other_zones_go_on(publisher_server, monkeypatch):
    publisher_server.serve("/api", REFUSAL)
    monkeypatch.setenv("ENTSOE_TOKEN", TOKEN)
    answers = ask("entsoe", monkeypatch, publisher_server.base + "/api", dt.date(2018, 9, 30), dt.date(2018, 9, 30))
    assert not payloads(answers)
    assert all("999 No matching data found" in text for text in errors(answers))
    asked = " ".join(request.path for request in publisher_server.requests)
    assert "10Y1001A1001A63L" in asked  # the zone of three countries, on its last day
    assert "10Y1001A1001A82H" not in asked
    with pytest.raises(SourceError, match="refusal"):
        checked(made("entsoe", REFUSAL, "application/xml"))


def test_without_a_token_the_variable_is_named(publisher_server, monkeypatch):
    monkeypatch.delenv("ENTSOE_TOKEN", raising=False)
    with pytest.raises(SourceError, match="ENTSOE_TOKEN"):
        ask("entsoe", monkeypatch, publisher_server.base + "/api")
    assert publisher_server.requests == []


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>
<Publication_MarketDocument><mRID>&c;</mRID></Publication_MarketDocument>"""


@pytest.mark.parametrize(
    "body",
    [BOMB, BOMB.decode().encode("utf-16"), b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>'],
    ids=["entities", "utf-16", "external"],
)
def test_a_document_type_is_refused_before_anything_is_expanded(body):
    with pytest.raises(SourceError, match="document type or an entity"):
        checked(made("entsoe", body, "application/xml"))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("old", "new", "count", "reason"),
    [
        ("<position>3</position>", "<position>99</position>", 1, "position 99 of 24"),
        ("<position>4</position>", "<position>3</position>", 1, "or twice"),
        (">PT60M<", ">P1M<", 1, "not laid out"),
        (">A03<", ">A05<", 1, "not laid out"),
        # The period's end, not the document's: it stands behind more blanks.
        ("                <end>2024-10-18", "                <end>9024-10-18", 1, "not laid out"),
        (">EUR<", ">GBP<", 24, "isin"),
        (">MWH<", ">KWH<", 24, "isin"),
        ("<price.amount>-1.75<", "<price.amount>1,75<", 1, "must be a finite number"),
        ("10Y1001A1001A46L", "10YXX-UNKNOWN--9", 24, "timezone: not_nullable"),
    ],
)
def test_damage_to_a_real_document_is_refused_and_named(shared, old, new, count, reason):
    text = sample(shared, "day-ahead-prices-5").decode()
    assert old in text
    outcome = checked(made("entsoe", text.replace(old, new).encode(), "application/xml"))
    assert outcome.rejected.height == count
    assert reason in outcome.rejected["all_failures"][0]


@pytest.mark.shared
def test_a_cut_document_is_no_document(shared):
    with pytest.raises(SourceError, match="XML cannot be read"):
        checked(made("entsoe", sample(shared, "day-ahead-prices-5")[:-40], "application/xml"))
