"""Contract rows out of files of one's own: notations, dates, unpivoting, and that every file row is accounted for."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import loaded
from sources.mapping import read

DAY = dt.date(2026, 11, 21)
COLO = """\
source: {title: Synthetic, publisher: Nobody, licence: invented}
columns: {publisher_label: v, market_label: m, size_band: s, price: p}
constants:
  facility_type: wholesale_colocation
  rate_type: asking
  price_unit: usd_per_kw_month
  power_included: unknown
  currency: USD
"""
TOKEN = """\
source: {title: Synthetic card, publisher: Nobody, licence: invented}
columns: {provider_label: vendor, model_label: model, valid_from: day}
constants: {price_unit: usd_per_mtok, currency: USD, tier: base}
unpivot:
  columns:
    in: {token_kind: input, processing: standard}
    out: {token_kind: output, processing: standard}
    batch: {token_kind: input, processing: batch}
"""


def judged(family: str, mapping: str, content: str, part: str | None = None):
    contract = loaded.contract_of(family)
    made = read(mapping, "m.yml", contract)
    payload = loaded.payload("mine", "f.csv", content.encode(), family, made, part, DAY)
    return contract.validate(loaded.parse(payload), "mine")


def price(written: str, form: str = "") -> object:
    """The price a notation is read as, or the rule and value of its rejection."""
    mapping = COLO + (f"file: {{{form}}}\n" if form else "")
    outcome = judged("colo_rates", mapping, f'v\tm\ts\tp\na\tb\tc\t"{written}"\n')
    if outcome.accepted.height:
        return outcome.accepted["price"].item()
    return outcome.rejected.row(0, named=True)["rule"]


GERMAN = 'decimal: ",", thousands: "."'
NO_NUMBER = "must be a finite number"


@pytest.mark.parametrize(
    ("written", "form", "read_as"),
    [
        ("185.5", "", 185.5),
        (" 185.5 ", "", 185.5),
        ("1.855e2", "", 185.5),
        ("185,5", "", NO_NUMBER),
        ("$185.50", "", NO_NUMBER),
        ("$185.50 ", 'strip: ["$"]', 185.5),
        ("USD 185.50/kW", 'strip: [USD, /kW]', 185.5),
        ("185,50", 'decimal: ","', 185.5),
        # A point where the comma is the decimal sign is not to be read as 0.185 of a thousand.
        ("185.50", 'decimal: ","', NO_NUMBER),
        ("0.185,50", GERMAN, NO_NUMBER),
        ("185,5", GERMAN, 185.5),
        ("18.55", GERMAN, NO_NUMBER),
        ("0,000.5", 'thousands: ","', NO_NUMBER),
        ("185.5", 'thousands: ","', 185.5),
        ("1 85", 'thousands: " "', NO_NUMBER),
        ("call us", "", NO_NUMBER),
        ("inf", "", NO_NUMBER),
        ("#REF!", "", NO_NUMBER),
    ],
)  # fmt: skip
def test_a_number_is_read_in_the_files_notation_or_not_at_all(written, form, read_as):
    assert price(written, form) == read_as


@pytest.mark.parametrize(
    ("written", "form", "value"),
    [("1.000", GERMAN, 1000.0), ("1,000", 'thousands: ","', 1000.0), ("1 000", 'thousands: " "', 1000.0)],
)
def test_thousands_are_taken_off_only_where_they_are_named(written, form, value):
    assert price(written, form) == value
    assert price(written.replace(".", ",")) == NO_NUMBER or written == "1 000"


@settings(max_examples=80, deadline=None)
@given(st.floats(20, 1000, allow_nan=False).map(lambda x: round(x, 2)))
def test_a_number_written_the_german_way_comes_back(value):
    written = f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    assert price(written, GERMAN) == value


def test_dates_are_read_in_the_formats_given_and_no_other():
    rows = ["2026-08-22", "22.08.2026", "08/22/2026", "2026-08-22T23:10:00Z", "46256", ""]
    content = "vendor,model,day,in,out,batch\n" + "".join(f"v,m{n},{d},1,,\n" for n, d in enumerate(rows))
    outcome = judged("token_prices", TOKEN + 'file: {dates: ["%Y-%m-%d", "%d.%m.%Y"]}\n', content)
    assert outcome.accepted["valid_from"].to_list() == [dt.date(2026, 8, 22)] * 3
    refused = outcome.rejected.select("row_number", "field", "value").rows()
    assert refused == [(4, "valid_from", "08/22/2026"), (6, "valid_from", "46256"), (7, "valid_from", None)]


def test_unpivoting_gives_a_row_for_each_price_and_one_for_none():
    content = "vendor,model,day,in,out,batch\nv,a,2026-01-01,1,2,0.5\nv,b,2026-01-01,3,,\nv,c,2026-01-01,,,\n"
    outcome = judged("token_prices", TOKEN, content)
    made = outcome.accepted.select("row_number", "model_label", "token_kind", "processing", "price").rows()
    assert made == [
        (2, "a", "input", "standard", 1.0),
        (2, "a", "output", "standard", 2.0),
        (2, "a", "input", "batch", 0.5),
        (3, "b", "input", "standard", 3.0),
    ]
    [none] = outcome.rejected.rows(named=True)
    assert (none["row_number"], none["rule"]) == (4, "no price in any of: in, out, batch")


def test_a_broken_price_does_not_take_its_neighbours_with_it():
    outcome = judged("token_prices", TOKEN, "vendor,model,day,in,out,batch\nv,a,2026-01-01,1,-2,x\n")
    assert outcome.accepted["price"].to_list() == [1.0]
    assert sorted(outcome.rejected["value"].to_list()) == ["-2.0", "x"]


def test_a_figure_said_twice_counts_once_and_two_figures_count_not_at_all():
    content = "v,m,s,p\na,x,1,100\na,x,1,100\nA ,x,1,100\na,y,1,100\na,y,1,101\na,z,1,100\n"
    outcome = judged("colo_rates", COLO, content)
    assert outcome.accepted["row_number"].to_list() == [2, 7]
    assert outcome.rejected.select("row_number", "rule").rows() == [
        (3, "repeats row 2"),
        (4, "repeats row 2"),
        (5, "two figures for one item on one day (rows 5 and 6)"),
        (6, "two figures for one item on one day (rows 5 and 6)"),
    ]


def test_who_knew_it_when_is_the_load_where_the_file_does_not_say():
    [row] = judged("colo_rates", COLO, "v,m,s,p\na,x,1,100\n").accepted.rows(named=True)
    told = (
        "valid_from",
        "valid_to",
        "known_from",
        "known_basis",
        "last_observed",
        "observation_count",
        "grade",
        "citation",
    )
    assert [row[c] for c in told] == [DAY, None, DAY, "loaded", DAY, 1, "C", "f.csv"]


def test_records_are_seen_on_their_own_day_unless_it_has_not_come():
    content = "vendor,model,day,in,out,batch\nv,a,2026-01-01,1,,\nv,b,2027-01-01,1,,\n"
    accepted = judged("token_prices", TOKEN, content).accepted
    assert accepted["last_observed"].to_list() == [dt.date(2026, 1, 1), DAY]
    assert accepted["known_from"].to_list() == [DAY, DAY]


def test_first_seen_snapshots_are_known_on_their_day_and_tomorrow_was_not_looked_at():
    mapping = TOKEN.replace("licence: invented", "licence: invented, known_basis: first_seen") + "shape: snapshots\n"
    content = "vendor,model,day,in,out,batch\nv,a,2026-01-01,1,,\nv,b,2027-01-01,1,,\n"
    outcome = judged("token_prices", mapping, content)
    [row] = outcome.accepted.rows(named=True)
    assert row["known_from"] == row["last_observed"] == row["valid_from"] == dt.date(2026, 1, 1)
    assert outcome.rejected["rule"].to_list() == ["known_from 2027-01-01 lies after the load (2026-11-21)"]


def test_words_of_the_file_become_the_contracts():
    mapping = COLO.replace("  power_included: unknown\n", "").replace("price: p}", "price: p, power_included: e}")
    mapping += "values: {power_included: {j: yes, n: no, '': unknown}, publisher_label: {a: Acme}}\n"
    outcome = judged("colo_rates", mapping, "v,m,s,p,e\na,x,1,100,j\nb,x,1,100, n \nc,x,1,100,maybe\n")
    assert outcome.accepted.select("publisher_label", "power_included").rows() == [("Acme", "yes"), ("b", "no")]
    assert outcome.rejected.select("row_number", "field", "value").rows() == [(4, "power_included", "maybe")]


def test_texts_that_mean_nothing_are_named():
    outcome = judged("colo_rates", COLO + 'file: {empty: ["", "n/a"]}\n', "v,m,s,p\na,x,1,n/a\n")
    assert outcome.rejected["rule"].to_list() == ["a_price_or_both_ends_of_a_range"]


def test_a_file_of_several_publishers_falls_into_parts_and_none_is_lost():
    mapping = COLO + "split_by: who\nparts: {B: {grade: A, licence: other}}\n"
    content = "v,m,s,p,who\na,x,1,100,A\na,y,1,100,B\na,z,1,100,\na,z,1,100,A\n"
    made = {part: judged("colo_rates", mapping, content, part) for part in ("A", "B", "unspecified")}
    assert {p: o.accepted["row_number"].to_list() for p, o in made.items()} == {
        "A": [2, 5],
        "B": [3],
        "unspecified": [4],
    }
    assert made["B"].accepted["grade"].to_list() == ["A"]


def test_energy_holds_for_its_interval():
    mapping = """\
source: {title: t, publisher: p, licence: l}
columns: {zone_label: z, interval_start: a, interval_end: b, price: p}
constants: {sector: industrial, price_unit: eur_per_mwh, currency: EUR}
"""
    [row] = judged("power_prices", mapping, "z,a,b,p\nDE-LU,2026-01-01,2026-02-01,80\n").accepted.rows(named=True)
    assert (row["valid_from"], row["valid_to"]) == (dt.date(2026, 1, 1), dt.date(2026, 2, 1))


CELL = st.sampled_from(["", "1", "2.5", "-1", "x", "2026-01-01", "a", "b"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL, CELL), min_size=1, max_size=8))
def test_whatever_the_file_holds_every_row_of_it_is_accepted_or_rejected(rows):
    content = "vendor,model,day,in,out,batch\n" + "".join(",".join(row) + "\n" for row in rows)
    filled = [n for n, row in enumerate(rows, start=2) if any(row)]
    if not filled:
        return
    outcome = judged("token_prices", TOKEN, content)
    numbers = pl.concat([outcome.accepted["row_number"], outcome.rejected["row_number"]])
    assert sorted(numbers.unique().to_list()) == filled
    prices = sum(max(1, sum(bool(cell) for cell in rows[n - 2][3:])) for n in filled)
    assert outcome.received == prices == outcome.accepted.height + outcome.rejected.height
