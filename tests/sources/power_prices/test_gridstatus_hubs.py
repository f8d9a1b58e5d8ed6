"""gridstatus in its documented shape. The library is an optional extra: a synthetic module stands in for it here."""

from __future__ import annotations

import datetime as dt
import sys
import types

import pytest

from sources.errors import SourceError
from tests.sources.power_prices.live import ask, checked, errors, made, payloads

HEAD = "Time,Interval Start,Interval End,Market,Location,Location Type,SPP\n"
# The hour the clocks go back in Texas: twice one o'clock, five and six hours behind UTC.
ERCOT = HEAD + "".join(
    f"2024-11-03 0{h}:00:00{o},2024-11-03 0{h}:00:00{o},2024-11-03 0{e}:00:00{p},DAY_AHEAD_HOURLY,HB_NORTH,Hub,{v}\n"
    for h, o, e, p, v in [
        (0, "-05:00", 1, "-05:00", 21.5),
        (1, "-05:00", 1, "-06:00", -4.25),
        (1, "-06:00", 2, "-06:00", 19.0),
    ]
)
CAISO = (
    "Time,Interval Start,Interval End,Market,Location,Location Type,LMP,Energy,Congestion,Loss\n"
    "2024-11-03 00:00:00-07:00,2024-11-03 00:00:00-07:00,2024-11-03 00:15:00-07:00,REAL_TIME_15_MIN,"
    "TH_SP15_GEN-APND,Trading Hub,31.2,30,1,0.2\n"
)


class Table:
    """Stands in for a data frame: what it writes is what gridstatus's documentation shows."""

    def __init__(self, text: str) -> None:
        self.text = text

    def to_csv(self, index: bool) -> str:
        assert index is False
        return self.text


@pytest.fixture
def library(monkeypatch):
    asked: list[tuple[str, str, str]] = []

    def operator(name: str, method: str, text: str | Exception):
        def ask_for(self, date, end, market, locations):
            asked.append((name, market, date))
            if isinstance(text, Exception) or market == "REAL_TIME_HOURLY":
                raise text if isinstance(text, Exception) else ValueError(market)
            return Table(text)

        return type(name, (), {method: ask_for})

    module = types.ModuleType("gridstatus")
    module.__version__ = "0.37.0"
    module.NoDataFoundException = type("NoDataFoundException", (Exception,), {})
    module.Ercot = operator("Ercot", "get_spp", ERCOT)
    module.PJM = operator("PJM", "get_lmp", module.NoDataFoundException("synthetic"))
    module.CAISO = operator("CAISO", "get_lmp", CAISO)
    monkeypatch.setitem(sys.modules, "gridstatus", module)
    return asked


def test_without_the_extra_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "gridstatus", None)
    with pytest.raises(SourceError, match=r"pip install 'rackhour\[gridstatus\]'"):
        ask("gridstatus_hubs", monkeypatch, "http://127.0.0.1:9/")


def test_operators_fail_one_by_one(library, monkeypatch):
    monkeypatch.setenv("RACKHOUR_TODAY", "2024-11-04")
    answers = ask("gridstatus_hubs", monkeypatch, "http://127.0.0.1:9/")
    assert len(payloads(answers)) == 4
    assert [text.split(" market")[0] for text in errors(answers)] == [
        "gridstatus_hubs: PJM DAY_AHEAD_HOURLY: NoDataFoundException. Ask again later.",
        "gridstatus_hubs: PJM REAL_TIME_HOURLY: NoDataFoundException. Ask again later.",
    ]
    assert library[0] == ("Ercot", "DAY_AHEAD_HOURLY", "2024-11-02")


def test_a_repeated_hour_is_two_moments(library):
    rows = checked(made("gridstatus_hubs", ERCOT.encode(), "text/csv")).accepted
    assert rows["interval_start"].to_list() == [dt.datetime(2024, 11, 3, hour, tzinfo=dt.UTC) for hour in (5, 6, 7)]
    assert rows["price"].to_list() == [21.5, -4.25, 19.0]
    assert rows.select("sector", "price_unit", "currency", "timezone", "resolution").unique().rows() == [
        ("day_ahead", "usd_per_mwh", "USD", "America/Chicago", "PT60M")
    ]
    assert rows["valid_from"].unique().to_list() == [dt.date(2024, 11, 3)]
    quarter = checked(made("gridstatus_hubs", CAISO.encode(), "text/csv")).accepted
    assert quarter.select("sector", "resolution", "price").rows() == [("real_time", "PT15M", 31.2)]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("-05:00,2024", ",2024", "interval_start: not_nullable"),
        ("HB_NORTH", "HB_ELSEWHERE", "timezone: not_nullable"),
        (",21.5", ",21500", "price_within_what_its_unit_allows"),
        ("DAY_AHEAD_HOURLY", "FORWARD", "isin("),
    ],
)
def test_a_damaged_row_is_refused_and_named(old, new, reason):
    outcome = checked(made("gridstatus_hubs", ERCOT.replace(old, new).encode(), "text/csv"))
    assert reason in " ".join(outcome.rejected["all_failures"])


def test_other_columns_are_refused_as_a_whole():
    with pytest.raises(SourceError, match="has columns"):
        checked(made("gridstatus_hubs", ERCOT.replace("SPP", "Price").encode(), "text/csv"))
