"""gridstatus in its documented shape. The library is an optional extra: a synthetic module stands in for it here."""

from __future__ import annotations

import datetime as dt
import inspect
import sys
import types

import pytest

from sources.errors import SourceError
from sources.power_prices import gridstatus_hubs
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


PJM = (
    "Time,Interval Start,Interval End,Market,Location Id,Location Name,Location Short Name,Location Type,LMP,Energy,"
    "Congestion,Loss\n"
    + "".join(
        f"2024-11-0{day} 07:00:00-05:00,2024-11-0{day} 07:00:00-05:00,2024-11-0{day} 08:00:00-05:00,DAY_AHEAD_HOURLY,"
        f"{node},{name},{name},HUB,{price},30,1,0.2\n"
        for day, prices in ((2, (33.5, 34.5)), (4, (35.5, 36.5)))
        for node, name, price in zip((51288, 51217), ("WESTERN HUB", "EASTERN HUB"), prices, strict=True)
    )
)
PJM_HUBS = ("51217", "51288")


class Table:
    """Stands in for a data frame: what it writes is what gridstatus's documentation shows."""

    def __init__(self, text: str) -> None:
        self.text = text

    def to_csv(self, index: bool) -> str:
        assert index is False
        return self.text


class StandIn:
    """Each operator's method with the parameters of gridstatus 0.37.0, and what it does with `locations` first.

    `test_the_stand_in_has_the_librarys_own_parameters` compares them where the library is installed.
    """

    def __init__(self) -> None:
        asked: list[tuple[str, str, str]] = []
        self.asked = asked

        class Ercot:
            def get_spp(self, date, end=None, market=None, locations="ALL", location_type="ALL", verbose=False):
                asked.append(("ERCOT", market, date))
                assert isinstance(locations, list)
                return Table(ERCOT)

        class PJMStandIn:
            def get_lmp(self, date, market, end=None, locations="hubs", location_type=None, verbose=False):
                asked.append(("PJM", market, date))
                # Numbers of nodes, of which the word "hubs" stands for the twelve that the library knows.
                nodes = PJM_HUBS if locations == "hubs" else locations
                assert [int(node) for node in nodes]
                if market == "REAL_TIME_HOURLY":
                    raise self.nothing("synthetic: no data for key s3cret-key")
                return Table(PJM)

        class CAISOStandIn:
            def get_lmp(self, date, market, locations=None, sleep=5, end=None, verbose=False):
                asked.append(("CAISO", market, date))
                assert isinstance(locations, list)
                return Table(CAISO)

        self.module = types.ModuleType("gridstatus")
        self.module.__version__ = "0.37.0"
        self.module.NoDataFoundException = PJMStandIn.nothing = type("NoDataFoundException", (Exception,), {})
        self.module.Ercot, self.module.PJM, self.module.CAISO = Ercot, PJMStandIn, CAISOStandIn


@pytest.fixture
def library(monkeypatch):
    stand_in = StandIn()
    monkeypatch.setitem(sys.modules, "gridstatus", stand_in.module)
    return stand_in.asked


def test_the_stand_in_has_the_librarys_own_parameters():
    real = pytest.importorskip("gridstatus", reason="the extra gridstatus is not installed")
    assert isinstance(real.NoDataFoundException("x"), Exception)
    for class_name, method, _ in gridstatus_hubs.MARKETS.values():
        ours, theirs = (getattr(getattr(module, class_name), method) for module in (StandIn().module, real))
        assert [str(p.replace(annotation=p.empty)) for p in inspect.signature(ours).parameters.values()] == [
            str(p.replace(annotation=p.empty)) for p in inspect.signature(theirs).parameters.values()
        ]


def test_without_the_extra_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "gridstatus", None)
    with pytest.raises(SourceError, match=r"pip install 'rackhour\[gridstatus\]'"):
        ask("gridstatus_hubs", monkeypatch, "http://127.0.0.1:9/")


def test_operators_fail_one_by_one(library, monkeypatch):
    monkeypatch.setenv("RACKHOUR_TODAY", "2024-11-04")
    monkeypatch.setenv("PJM_API_KEY", "s3cret-key")
    answers = ask("gridstatus_hubs", monkeypatch, "http://127.0.0.1:9/")
    assert len(payloads(answers)) == 5
    assert errors(answers) == [
        "gridstatus_hubs: PJM REAL_TIME_HOURLY: NoDataFoundException synthetic: no data for key ***. Ask again later."
    ]
    # ERCOT lists day-ahead prices by the day before.
    assert library[:2] == [("ERCOT", "DAY_AHEAD_HOURLY", "2024-11-01"), ("ERCOT", "REAL_TIME_15_MIN", "2024-11-02")]


def test_pjm_is_asked_for_its_hubs_and_the_named_ones_are_kept(library, monkeypatch):
    monkeypatch.setenv("RACKHOUR_TODAY", "2024-11-04")
    answers = ask("gridstatus_hubs", monkeypatch, "http://127.0.0.1:9/")
    (payload,) = (item for item in payloads(answers) if "PJM DAY_AHEAD_HOURLY" in item.origin)
    rows = checked(payload).accepted
    assert rows.select("zone_label", "timezone", "sector", "price").rows() == [
        ("WESTERN HUB", "America/New_York", "day_ahead", 33.5),
        ("WESTERN HUB", "America/New_York", "day_ahead", 35.5),
    ]
    assert rows["interval_start"][0] == dt.datetime(2024, 11, 2, 12, tzinfo=dt.UTC)
    assert b"EASTERN" not in payload.content


def test_a_hubs_days_that_did_not_come_are_told(library, monkeypatch):
    """gridstatus drops days that fail without a word: of four days PJM's Western hub has two, the other hubs none."""
    monkeypatch.setenv("RACKHOUR_TODAY", "2024-11-20")
    first, last = dt.date(2024, 11, 2), dt.date(2024, 11, 5)
    told = " ".join(errors(ask("gridstatus_hubs", monkeypatch, "http://127.0.0.1:9/", first, last)))
    assert "PJM DAY_AHEAD_HOURLY: WESTERN HUB: 2 of 4 days did not come, the first 2024-11-03." in told
    assert "PJM DAY_AHEAD_HOURLY: DOMINION HUB: 4 of 4 days did not come" in told
    assert "ERCOT DAY_AHEAD_HOURLY: HB_NORTH: 3 of 4 days did not come, the first 2024-11-02." in told


def test_a_table_without_rows_is_no_answer(library, monkeypatch):
    monkeypatch.setenv("RACKHOUR_TODAY", "2024-11-04")
    monkeypatch.setattr(sys.modules[__name__], "CAISO", CAISO.splitlines(keepends=True)[0])
    answers = ask("gridstatus_hubs", monkeypatch, "http://127.0.0.1:9/")
    assert len(payloads(answers)) == 3
    assert sum("CAISO" in text and "no row of a hub" in text for text in errors(answers)) == 2


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
