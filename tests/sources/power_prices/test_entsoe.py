"""ENTSO-E: nine real documents through the local server; damage and refusals are synthetic."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import polars as pl
import pytest

from sources.errors import SourceError
from sources.power_prices import entsoe
from sources.power_prices.entsoe import REPEATED
from tests.sources.power_prices.entsoe_documents import DAY, SPAIN, document, hours
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


def place(zone: str, start: dt.date, end: dt.date) -> str:
    asked = {
        "documentType": "A44",
        "contract_MarketAgreement.type": "A01",
        "in_Domain": zone,
        "out_Domain": zone,
        "periodStart": f"{start:%Y%m%d}0000",
        "periodEnd": f"{end:%Y%m%d}0000",
        "securityToken": TOKEN,
    }
    return f"/api?{urlencode(asked)}"


def days(first: dt.date, count: int) -> Iterator[dt.date]:
    return (first + at * DAY for at in range(count))


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


@pytest.mark.parametrize("first_auction", [None, 1], ids=["without a number", "first of two"])
def test_an_intraday_auction_is_no_day_ahead_price(first_auction):
    """Synthetic: the day-ahead auction of a day in Spain at 40 and more, beside two intraday auctions at 70 and 80."""
    day = dt.date(2026, 3, 10)
    series = [
        hours(SPAIN, day, 40, auction=first_auction),
        hours(SPAIN, day, 70, contract="A07", auction=1),
        hours(SPAIN, day, 80, contract="A07", auction=2),
    ]
    outcome = checked(made("entsoe", document(*series), "application/xml"))
    assert sorted(outcome.accepted["price"]) == [40.0 + hour for hour in range(24)]
    assert set(outcome.rejected["rule"]) == {"no day-ahead price: contract_MarketAgreement.type A07"}
    assert outcome.rejected.height == 48
    alone = checked(made("entsoe", document(series[1]), "application/xml"))
    assert (alone.accepted.height, alone.rejected.height) == (0, 24)
    unnamed = checked(made("entsoe", document(hours(SPAIN, day, 40, contract=None)), "application/xml"))
    assert unnamed.accepted.height == 24  # three of the recorded documents do not say it


@pytest.mark.parametrize(("name", "value"), [("auction.type", "A02"), ("businessType", "A19")])
def test_a_series_of_another_kind_is_refused_by_what_it_says(name, value):
    series = hours(SPAIN, dt.date(2026, 3, 10), 40).replace("<curveType>", f"<{name}>{value}</{name}><curveType>")
    outcome = checked(made("entsoe", document(series), "application/xml"))
    assert (outcome.accepted.height, outcome.rejected["rule"][0]) == (0, f"no day-ahead price: {name} {value}")


def test_a_document_of_another_type_is_refused():
    body = document(hours(SPAIN, dt.date(2026, 3, 10), 40)).replace(b"A44", b"A85")
    with pytest.raises(SourceError, match="type A85"):
        checked(made("entsoe", body, "application/xml"))


TOO_MANY_SERIES = b"""<Acknowledgement_MarketDocument><Reason><code>999</code><text>The number of instances (180)
exceeds the allowed maximum (100)</text></Reason></Acknowledgement_MarketDocument>"""


@pytest.mark.parametrize("way", ["cut", "refused with 400", "refused with 200"])
def test_more_series_than_an_answer_holds_are_asked_for_in_parts(publisher_server, monkeypatch, way):
    """Synthetic: 90 days with a series at 40 and an hour-long second auction at 60 each, 100 series an answer."""
    monkeypatch.setenv("ENTSOE_TOKEN", TOKEN)
    monkeypatch.setattr(entsoe, "ENTSOE", {SPAIN: "Europe/Madrid"})
    first = dt.date(2019, 1, 1)

    def serve(start: dt.date, count: int) -> None:
        series = [hours(SPAIN, day, at, auction=n) for day in days(start, count) for n, at in ((1, 40), (2, 60))]
        if len(series) <= 100:
            publisher_server.serve(place(SPAIN, start, start + count * DAY), document(*series))
        elif way == "cut":
            publisher_server.serve(place(SPAIN, start, start + count * DAY), document(*series[:100]))
        else:
            status = 400 if way == "refused with 400" else 200
            publisher_server.serve(place(SPAIN, start, start + count * DAY), TOO_MANY_SERIES, status=status)

    for start, count in ((0, 90), (0, 45), (45, 45), (90, 10)):
        serve(first + start * DAY, count)
    answers = ask("entsoe", monkeypatch, publisher_server.base + "/api", first, first + 99 * DAY)
    assert errors(answers) == []
    rows = pl.concat(checked(payload).accepted for payload in payloads(answers))
    assert rows.height == 100 * 2 * 24
    assert rows["valid_from"].n_unique() == 101  # a UTC day ends in the next civil day
    assert rows.filter(auction=1)["price"].sum() == 100 * sum(range(40, 64))


def test_a_day_that_cannot_be_had_whole_says_why(publisher_server, monkeypatch):
    monkeypatch.setenv("ENTSOE_TOKEN", TOKEN)
    monkeypatch.setattr(entsoe, "ENTSOE", {SPAIN: "Europe/Madrid"})
    publisher_server.serve("/api", TOO_MANY_SERIES, status=400)
    day = dt.date(2019, 1, 1)
    answers = ask("entsoe", monkeypatch, publisher_server.base + "/api", day, day)
    assert not payloads(answers)
    assert "answered 400 and says: 999 The number of instances (180) exceeds" in errors(answers)[0]


def test_days_that_did_not_come_are_told(publisher_server, monkeypatch):
    """Synthetic: of ten days the last three are missing, and one day holds an intraday auction alone."""
    monkeypatch.setenv("ENTSOE_TOKEN", TOKEN)
    monkeypatch.setattr(entsoe, "ENTSOE", {SPAIN: "Europe/Madrid"})
    first = dt.date(2019, 1, 1)
    came = [hours(SPAIN, day, 40, contract="A07" if day.day == 4 else "A01") for day in days(first, 7)]
    publisher_server.serve("/api", document(*came))
    answers = ask("entsoe", monkeypatch, publisher_server.base + "/api", first, first + 9 * DAY)
    assert checked(payloads(answers)[0]).accepted.height == 6 * 24
    assert [f"{SPAIN}: 4 of 10 days did not come, the first 2019-01-04." in text for text in errors(answers)] == [True]


def test_a_look_does_not_miss_the_days_that_are_not_over(publisher_server, monkeypatch):
    monkeypatch.setenv("ENTSOE_TOKEN", TOKEN)
    monkeypatch.setenv("RACKHOUR_TODAY", "2026-03-10")
    monkeypatch.setattr(entsoe, "ENTSOE", {SPAIN: "Europe/Madrid"})
    publisher_server.serve("/api", document(*(hours(SPAIN, day, 40) for day in days(dt.date(2026, 3, 3), 7))))
    answers = ask("entsoe", monkeypatch, publisher_server.base + "/api")
    assert (len(payloads(answers)), errors(answers)) == (1, [])


def test_the_split_zone_is_asked_for_its_own_days_alone(publisher_server, monkeypatch):
    publisher_server.serve("/api", REFUSAL)
    monkeypatch.setenv("ENTSOE_TOKEN", TOKEN)
    ask("entsoe", monkeypatch, publisher_server.base + "/api", dt.date(2018, 9, 28), dt.date(2018, 10, 2))
    asked = {
        zone: re.findall(r"periodStart=(\d{8})0000&periodEnd=(\d{8})0000", path)[0]
        for path in (request.path for request in publisher_server.requests)
        for zone in re.findall(r"in_Domain=([^&]+)", path)
    }
    assert asked["10Y1001A1001A63L"] == ("20180928", "20181001")
    assert asked["10Y1001A1001A82H"] == asked["10YAT-APG------L"] == ("20181001", "20181003")
    assert asked["10YFR-RTE------C"] == ("20180928", "20181003")
