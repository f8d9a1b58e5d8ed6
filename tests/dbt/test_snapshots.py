"""The fold of snapshots into one row per change, against looks made up here (synthetic) and worked by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

MACRO = Path(__file__).parent.parent.parent / "dbt_project" / "macros" / "snapshots_as_of.sql"
RULES = MACRO.parent.parent / "seeds" / "rules.csv"
FIRST = dt.date(2026, 1, 1)


def day(number: int | None) -> dt.date | None:
    return None if number is None else FIRST + dt.timedelta(days=number)


def fold(looks: list[tuple[int, list[tuple]]], as_of: int = 90) -> list[dict]:
    """Rows for looks given as (day, [(item, price, dated_from, dated_to)]), in the order of arrival, one group.

    Equal contents share a payload, as equal bytes do in landing. A row without dated_from may bear the day it ends.
    """
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals.update(source=lambda _, name: name, ref=lambda name: name, as_of=lambda: f"date '{day(as_of)}'")
    module = environment.from_string(MACRO.read_text()).make_module()
    sql = module.snapshots_as_of("list")
    payloads: dict[str, int] = {}
    seen, rows = [], []
    for position, (number, items) in enumerate(looks):
        name = repr(items)
        if name not in payloads:
            payloads[name] = number
            for row_number, (item, price, dated_from, dated_to) in enumerate(items, start=1):
                dated = dated_from is not None
                shown = number if dated or dated_to is None else min(number, dated_to - 1)
                rows.append(
                    (
                        row_number, f"{name}:{row_number}", "list", name, "all", day(number), item, price, item, price,
                        day(dated_from) if dated else day(shown), day(dated_to), day(number),
                        "published" if dated else "first_seen", day(shown), 1, "A", "synthetic", None,
                    )
                )  # fmt: skip
        seen.append(("list", name, "all", day(payloads[name]), day(number), position))
    with duckdb.connect() as connection:
        connection.execute(
            "create table seen (source_id text, payload_sha256 text, capture_group text, row_date date,"
            " capture_date date, position int)"
        )
        connection.execute(
            "create table list (row_number int, observation_id text, source_id text, payload_sha256 text,"
            " capture_group text, look_date date, offer text, price double, item text, figure double,"
            " valid_from date, valid_to date,"
            " known_from date, known_basis text, last_observed date, observation_count int, grade text,"
            " citation text, note text)"
        )
        if seen:
            connection.executemany(f"insert into seen values ({', '.join('?' * 6)})", seen)
        if rows:
            connection.executemany(f"insert into list values ({', '.join('?' * 19)})", rows)
        connection.execute(f"create table rules as from '{RULES}'")
        connection.execute(
            "create table portion as select source_id, payload_sha256, capture_group, look_date, count(*) as row_count"
            " from list group by all"
        )
        connection.execute(f"create view stg_landing__spells as select * from {module.look_spells()}")
        ids = [name for (name,) in connection.sql(f"select observation_id from {sql}").fetchall()]
        assert len(ids) == len(set(ids)), "two rows bear one id"
        names = [
            "offer",
            "price",
            "valid_from",
            "valid_to",
            "known_from",
            "known_to",
            "last_observed",
            "observation_count",
        ]
        found = connection.sql(f"select {', '.join(names)} from {sql} order by all").fetchall()
    return [dict(zip(names, row, strict=True)) for row in found]


def brief(rows: list[dict]) -> list[tuple]:
    number = lambda value: None if value is None else (value - FIRST).days  # noqa: E731
    return [
        (
            row["offer"], row["price"], number(row["valid_from"]), number(row["valid_to"]), number(row["known_from"]),
            number(row["known_to"]), number(row["last_observed"]), row["observation_count"],
        )
        for row in rows
    ]  # fmt: skip


def test_a_price_seen_again_is_one_row_and_a_change_ends_it():
    rows = fold([(0, [("x", 2.0, None, None)]), (1, [("x", 2.0, None, None)]), (4, [("x", 1.5, None, None)])])
    assert brief(rows) == [("x", 1.5, 4, None, 4, None, 4, 1), ("x", 2.0, 0, 4, 0, None, 1, 2)]


def test_a_row_that_vanishes_is_closed_and_one_that_comes_back_is_new():
    other = ("y", 9.0, None, None)
    rows = fold([(0, [("x", 2.0, None, None), other]), (1, [other]), (5, [("x", 2.0, None, None), other])])
    expected = [("x", 2.0, 0, 1, 0, None, 0, 1), ("x", 2.0, 5, None, 5, None, 5, 1)]
    assert [row for row in brief(rows) if row[0] == "x"] == expected


def test_the_same_bytes_after_others_start_a_new_row():
    a, b = [("x", 2.0, None, None)], [("x", 3.0, None, None)]
    rows = fold([(0, a), (1, b), (2, a), (3, a)])
    returned = ("x", 2.0, 2, None, 2, None, 3, 2)
    assert brief(rows) == [("x", 2.0, 0, 1, 0, None, 0, 1), returned, ("x", 3.0, 1, 2, 1, None, 1, 1)]


def test_of_two_looks_on_one_day_the_later_counts():
    rows = fold([(0, [("x", 200.0, None, None)]), (0, [("x", 2.0, None, None)])])
    assert brief(rows) == [("x", 2.0, 0, None, 0, None, 0, 1)]


def test_an_announced_price_that_is_withdrawn_was_known_and_never_held():
    now = ("x", 2.0, -30, None)
    rows = fold([(0, [now, ("x", 1.0, 40, None)]), (10, [now])])
    assert ("x", 1.0, 40, None, 0, 10, 0, 1) in brief(rows)
    assert ("x", 2.0, -30, None, 0, None, 10, 2) in brief(rows)


def test_a_dated_price_ends_where_the_next_one_begins():
    rows = fold([(0, [("x", 2.0, -30, None)]), (10, [("x", 1.0, 7, None)])])
    assert brief(rows) == [("x", 1.0, 7, None, 10, None, 10, 1), ("x", 2.0, -30, 7, 0, None, 0, 1)]


def test_a_dated_price_with_another_figure_was_restated():
    rows = fold([(0, [("x", 2.0, -30, None)]), (10, [("x", 2.5, -30, None)])])
    assert brief(rows) == [("x", 2.0, -30, None, 0, 10, 0, 1), ("x", 2.5, -30, None, 10, None, 10, 1)]


def test_two_prices_in_one_look_stay_two():
    rows = fold([(0, [("x", 2.0, None, None), ("x", 3.0, None, None)])])
    assert [row[1] for row in brief(rows)] == [2.0, 3.0]


def test_a_row_that_stands_twice_counts_once():
    rows = fold([(0, [("x", 2.0, None, None), ("x", 2.0, None, None)]), (1, [("x", 2.0, None, None)])])
    assert brief(rows) == [("x", 2.0, 0, None, 0, None, 1, 2)]


def test_what_came_later_is_not_known_yet():
    looks = [(0, [("x", 2.0, None, None)]), (4, [("x", 1.5, None, None)])]
    assert brief(fold(looks, as_of=3)) == [("x", 2.0, 0, None, 0, None, 0, 1)]


def test_a_price_ends_on_the_day_its_list_says_it_does():
    ends = ("x", 2.0, None, 30)
    # It is still listed five days after its end.
    rows = fold([(0, [("x", 2.0, None, None)]), (10, [ends]), (35, [ends])])
    assert brief(rows) == [("x", 2.0, 0, 30, 0, None, 29, 3)]
    # Before that day it is in force, however well the day is known.
    assert brief(fold([(0, [("x", 2.0, None, None)]), (10, [ends])], as_of=20)) == [("x", 2.0, 0, None, 0, None, 10, 2)]
    # An end that is withdrawn is none.
    rows = fold([(0, [ends]), (10, [("x", 2.0, None, None)])])
    assert brief(rows) == [("x", 2.0, 0, None, 0, None, 10, 2)]


def test_a_price_first_seen_after_its_end_is_known_of_the_day_before_it():
    rows = fold([(40, [("x", 2.0, None, 30)]), (50, [("x", 2.0, None, 30)])])
    assert brief(rows) == [("x", 2.0, 29, 30, 40, None, 29, 2)]


def test_an_end_told_with_another_figure_ends_the_figure_before_it():
    rows = fold([(0, [("x", 2.0, None, None)]), (20, [("x", 3.0, None, 10)])])
    assert brief(rows) == [("x", 2.0, 0, 10, 0, None, 0, 1), ("x", 3.0, 9, 10, 20, None, 9, 1)]
    assert brief(fold([(0, [("x", 2.0, None, None)]), (20, [("x", 3.0, None, 40)])]))[0] == (
        "x",
        2.0,
        0,
        20,
        0,
        None,
        0,
        1,
    )


def test_a_price_that_vanishes_before_its_end_ends_where_it_is_missed():
    other = ("y", 9.0, None, None)
    rows = fold([(0, [("x", 2.0, None, 30), other]), (10, [other])])
    assert [row for row in brief(rows) if row[0] == "x"] == [("x", 2.0, 0, 10, 0, None, 0, 1)]


def whole(count: int = 40, price: float = 1.0) -> list[tuple]:
    """A list of `count` synthetic items, named so that they sort."""
    return [(f"i{at:02}", price, None, None) for at in range(count)]


def ends(rows: list[dict]) -> dict[int | None, int]:
    """How many rows end on each day."""
    return dict(Counter(row[3] for row in brief(rows)))


def test_a_list_that_shrinks_for_a_look_closes_nothing():
    assert ends(fold([(0, whole()), (1, whole(3))])) == {None: 40}
    back = fold([(0, whole()), (1, whole(3)), (2, whole())])
    assert ends(back) == {None: 40}
    # What the shrunk look shows was seen on three days, the rest on two.
    assert Counter(row["observation_count"] for row in back) == {3: 3, 2: 37}


def test_a_list_that_comes_back_within_days_was_never_gone():
    """Azure's list, as reported: ten days of a part of it, then all again."""
    assert ends(fold([(0, whole()), *((n, whole(10)) for n in range(1, 11)), (11, whole())])) == {None: 40}


def test_what_stays_away_longer_than_two_weeks_is_gone():
    rows = fold([(0, whole()), *((n, whole(10)) for n in range(1, 20))])
    # Until day 14 the whole list is one of the last days'; the look of day 15 is believed.
    assert ends(rows) == {None: 10, 15: 30}
    assert ends(fold([(0, whole()), *((n, whole(10)) for n in range(1, 20))], as_of=14)) == {None: 40}


def test_a_list_read_once_a_month_is_believed_the_second_time():
    assert ends(fold([(0, whole()), (30, whole(10))])) == {None: 40}
    assert ends(fold([(0, whole()), (30, whole(10)), (60, whole(10))])) == {None: 10, 60: 30}


def test_a_shrunk_look_still_tells_a_change_of_what_it_shows():
    changed = [("i00", 2.0, None, None), *whole(3)[1:]]
    rows = fold([(0, whole()), (1, changed), (2, whole())])
    assert [row for row in brief(rows) if row[0] == "i00"] == [
        ("i00", 1.0, 0, 1, 0, None, 0, 1),
        ("i00", 1.0, 2, None, 2, None, 2, 1),
        ("i00", 2.0, 1, 2, 1, None, 1, 1),
    ]
    assert ends(rows) == {None: 40, 1: 1, 2: 1}


@pytest.mark.parametrize(("before", "after", "closed"), [(40, 20, 20), (40, 19, 0), (19, 3, 16)])
def test_a_list_shrinks_when_less_than_half_of_twenty_rows_remain(before, after, closed):
    assert ends(fold([(0, whole(before)), (1, whole(after))])).get(1, 0) == closed


prices = st.lists(st.dictionaries(st.sampled_from("xyz"), st.sampled_from([1.0, 2.0, 3.0])), min_size=1, max_size=7)


@settings(max_examples=60, deadline=None)
@given(prices)
def test_every_look_can_be_read_back(looks):
    """An independent reading: on the day of each look, the rows in force are what it showed."""
    listed = [(n, [(item, price, None, None) for item, price in sorted(look.items())]) for n, look in enumerate(looks)]
    # A look that shows nothing has no row in landing and so is none: such a payload fails as a whole.
    listed = [(n, items) for n, items in listed if items]
    rows = fold(listed)
    for number, items in listed:
        then = {
            (row["offer"], row["price"])
            for row in rows
            if row["valid_from"] <= day(number) and (row["valid_to"] is None or row["valid_to"] > day(number))
        }
        assert then == {(item, price) for item, price, *_ in items}


@pytest.mark.parametrize("as_of", [0, 1, 2, 3, 4])
def test_as_of_gives_what_a_reader_of_that_day_had(as_of):
    looks = [
        (n, [("x", price, None, None), ("y", 5.0, None, None)]) for n, price in enumerate([2.0, 2.0, 1.0, 2.0, 2.0])
    ]
    assert brief(fold(looks, as_of=as_of)) == brief(fold(looks[: as_of + 1]))
