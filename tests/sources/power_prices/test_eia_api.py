"""EIA's API in its documented shape; every page here is synthetic (no real one lies in ../shared)."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from sources.errors import SourceError
from tests.sources.power_prices.eia_rows import api_page, api_row, query
from tests.sources.power_prices.live import ask, checked, errors, made, payloads

KEY = "synthetic-key-0123456789"
SECTOR = "frequency=monthly&data[0]=price&data[1]=revenue&data[2]=sales&facets[sectorid][]="
REST = "&start={}&end={}&sort[0][column]=period&sort[0][direction]=asc&sort[1][column]=stateid&sort[1][direction]=asc"
FIRST, LAST = dt.date(2008, 2, 1), dt.date(2008, 3, 31)


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("EIA_API_KEY", KEY)


def serve(server, sector: str, offset: int, page: bytes) -> None:
    span = REST.format("2008-02", "2008-03")
    server.serve(f"/data?{SECTOR}{sector}{span}&offset={offset}&length=5000&api_key={KEY}", page)


def rows(count: int, sector: str = "COM", start: int = 0) -> list[dict[str, object]]:
    return [
        api_row(f"20{i // 600:02}-{i // 50 % 12 + 1:02}", f"S{i % 50}", "8.91", sector)
        for i in range(start, start + count)
    ]


def test_pages_are_asked_for_until_the_total_is_there(publisher_server, monkeypatch):
    warned = {"warnings": [{"warning": "incomplete return", "description": "synthetic"}]}
    serve(publisher_server, "COM", 0, api_page(rows(5000), 7001, **warned))
    serve(publisher_server, "COM", 5000, api_page(rows(2001, start=5000), 7001))
    serve(publisher_server, "IND", 0, api_page(rows(3, "IND"), 3))
    commercial, industrial = payloads(ask("eia_api", monkeypatch, publisher_server.base + "/data", FIRST, LAST))
    assert len(json.loads(commercial.content)["pages"]) == 2
    outcome = checked(commercial)
    assert (outcome.received, outcome.accepted.height) == (7001, 7001)
    assert checked(industrial).accepted["sector"].unique().to_list() == ["industrial"]
    first = query(publisher_server.requests[0].path)
    # Bounds compare as text: "2008-02-01" would leave February out.
    assert (first["start"], first["end"], first["length"]) == ("2008-02", "2008-03", "5000")
    assert first["sort[0][column]"] == "period"
    assert KEY not in commercial.origin + commercial.content.decode() + str(commercial.metadata)


@pytest.mark.parametrize(
    ("pages", "problem"),
    [
        ([api_page(rows(10), 7000), api_page([], 7000)], "10 of 7000 rows"),
        ([api_page(rows(10), 12), api_page(rows(2), 12)], "10 of 12 rows, then an empty or repeated page"),
        ([api_page(rows(10), 12), api_page(rows(2, start=10), 13)], "total went from 12 to 13"),
        ([b'{"response": {"data": []}}'], "another shape"),
        ([b'{"error": "API_KEY_INVALID"}'], "another shape"),
    ],
    ids=["short", "repeated", "moving", "no total", "error"],
)
def test_a_cut_answer_fails_the_sector_and_keeps_nothing_of_it(publisher_server, monkeypatch, pages, problem):
    for offset, page in zip((0, 10), pages, strict=False):
        serve(publisher_server, "COM", offset, page)
    serve(publisher_server, "IND", 0, api_page(rows(3, "IND"), 3))
    answers = ask("eia_api", monkeypatch, publisher_server.base + "/data", FIRST, LAST)
    assert [json.loads(item.content)["sectorid"] for item in payloads(answers)] == ["IND"]
    (text,) = errors(answers)
    assert problem in text
    assert KEY not in text


def test_a_key_the_answer_repeats_is_not_kept(publisher_server, monkeypatch):
    page = json.loads(api_page(rows(2), 2)) | {"request": {"command": "/v2/", "params": {"api_key": KEY}}}
    serve(publisher_server, "COM", 0, json.dumps(page).encode())
    answers = ask("eia_api", monkeypatch, publisher_server.base + "/data", FIRST, LAST)
    (payload,) = payloads(answers)
    assert KEY.encode() not in payload.content
    assert checked(payload).accepted.height == 2


def test_without_a_key_the_variable_is_named(publisher_server, monkeypatch):
    monkeypatch.delenv("EIA_API_KEY")
    with pytest.raises(SourceError, match="EIA_API_KEY"):
        ask("eia_api", monkeypatch, publisher_server.base + "/data")


def one(row: dict[str, object]):
    content = json.dumps({"sectorid": "COM", "pages": [{"response": {"total": "1", "data": [row]}}]})
    return checked(made("eia_api", content.encode(), "application/json"))


def test_strings_become_figures_without_a_binary_detour():
    row = one(api_row("2025-04", "VA", "9.22", sales="4123.45678", revenue="380.18271")).accepted.row(0, named=True)
    assert (row["price"], row["interval_start"], row["interval_end"]) == (
        9.22,
        dt.date(2025, 4, 1),
        dt.date(2025, 5, 1),
    )
    assert (row["sales_mwh"], row["revenue_kusd"]) == (float(Decimal("4123456.78")), float(Decimal("380182.71")))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"price-units": "dollars per kilowatthour"}, "unit not known: price-units"),
        ({"price-units": None}, "unit not known: price-units"),
        ({"sales-units": "megawatthours"}, "unit not known: sales-units"),
        ({"price": None}, "a_price_or_both_ends_of_a_range"),
        ({"price": "0.0922"}, "price_is_revenue_over_sales"),
        ({"price": "n/a"}, "must be a finite number"),
        ({"sales": "w"}, "must be a finite number"),
        ({"period": "2025-13"}, "interval_start: not_nullable"),
        ({"stateid": None}, "zone_label: not_nullable"),
        ({"sectorid": "RES"}, "a row of sector 'RES' in an answer about COM"),
        ({"sectorid": None}, "a row of sector None in an answer about COM"),
        ({"price": "0", "sales": "0", "revenue": "0"}, "energy_was_sold_and_charged_for"),
        ({"price": "0.00", "revenue": "0"}, "energy_was_sold_and_charged_for"),
        ({"price": "9.22", "sales": "0", "revenue": "0"}, "energy_was_sold_and_charged_for"),
    ],
)
def test_a_wrong_row_is_refused_and_named(change, reason):
    outcome = one(api_row("2025-04", "VA", "9.22") | change)
    assert reason in outcome.rejected["all_failures"].item()


@pytest.mark.parametrize("unit", ["cents per kilowatthour", "cents per kilowatt-hour", "cents per kilowatt hour"])
def test_the_unit_is_known_however_it_is_spelled(unit):
    assert one(api_row("2025-04", "VA", "9.22", **{"price-units": unit})).accepted.height == 1
