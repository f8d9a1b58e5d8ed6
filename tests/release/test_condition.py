"""A condition chooses rows and does nothing else, whatever text it is given."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.release import query
from pipelines.release.condition import rows_that
from pipelines.release.query import QueryError

ROWS = [
    (0, "H100 SXM", "us_average", 2.5, dt.date(2026, 1, 31), True),
    (1, "H200", "us_average", 4.0, dt.date(2026, 2, 28), False),
    (2, "it's -- a; GPU", "no)rd", None, dt.date(2025, 12, 31), True),
    (3, "MI300X", None, -1.0, None, None),
]


@pytest.fixture(scope="module")
def table():
    connection = duckdb.connect()
    connection.execute(
        "create table mart (id integer, gpu varchar, market varchar, price double, day date, stale boolean)"
    )
    connection.executemany("insert into mart values (?, ?, ?, ?, ?, ?)", ROWS)
    query.lock(connection)
    return connection, connection.table("mart")


def kept(table, where: str) -> set[int]:
    connection, relation = table
    return {row[0] for row in rows_that(connection, relation, where, "marts.synthetic").fetchall()}


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("gpu = 'H200'", {1}),
        ("gpu in ('H100 SXM', 'H200') and market = 'us_average'", {0, 1}),
        ("gpu like 'H%' and not stale", {1}),
        ("day >= '2026-01-01'", {0, 1}),
        ("day = date '2025-12-31' or price < 0", {2, 3}),
        ("day between '2026-01-01' and '2026-01-31'", {0}),
        ("gpu = 'it''s -- a; GPU'", {2}),
        ("market = 'no)rd'", {2}),
        ("market is null", {3}),
        ("lower(gpu) = 'mi300x'", {3}),
        ("round(price) = 4 or contains(gpu, ';')", {1, 2}),
        ("year(day) = 2026 and (price > 3 or stale)", {0, 1}),
        ("case when stale then price > 2 else price > 3 end", {0, 1}),
        ("regexp_matches(gpu, '^H[0-9]+$')", {1}),
        ("list_contains(['H200', 'MI300X'], gpu)", {1, 3}),
        ("gpu = 'H200' -- the newest", {1}),
        ("/* the newest */ gpu = 'H200'", {1}),
        ("(gpu = 'H200')", {1}),
        ("\"gpu\" = 'H200'", {1}),
        ("true", {0, 1, 2, 3}),
    ],
)
def test_honest_conditions_choose_their_rows(table, where, ids):
    assert kept(table, where) == ids


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("true); detach rackhour; attach 'x.duckdb' as rackhour; update mart set price = 1; select (1", "syntax error"),
        ("true; drop table mart", "more than one statement"),
        ("true; select 1", "it holds 2 statements"),
        ("true) or (true", "syntax error"),
        ("gpu = 'H200') --", "syntax error"),
        ("true union select * from mart", "UNION"),
        ("true group by all", "goes on after the condition"),
        ("true order by gpu", "goes on after the condition"),
        ("true limit 1", "goes on after the condition"),
        ("true having true", "goes on after the condition"),
        ("true qualify true", "goes on after the condition"),
        ("true using sample 1", "goes on after the condition"),
        ("true from read_text('/etc/passwd')", "syntax error"),
        ("gpu in (select content from read_text('/etc/passwd'))", "subquery"),
        ("exists (from mart)", "subquery"),
        ("gpu = (select max(gpu) from mart)", "subquery"),
        ("case when exists(select 1) then true end", "subquery"),
        ("gpu", "VARCHAR, not true or false"),
        ("1", "INTEGER, not true or false"),
        ("null", "not true or false"),
        ("gppu = 'H200'", "Did you mean gpu?"),
        ("no_such_thing = 1", "Columns: id, gpu, market, price, day, stale"),
        ("gpu = 'H200', price = 1", "syntax error"),
        ("gpu = 'H200' as chosen", "syntax error"),
        ("price = ?", "parameter"),
        ("count(*) > 1", "aggregates"),
        ("row_number() over () = 1", "window"),
        ("", "syntax error"),
        ("-- gpu = 'H200'", "syntax error"),
        ("/* gpu = 'H200'", "unterminated"),
        ("gpu = 'H200", "unterminated"),
        ("read_text('/etc/passwd')", "read_text"),
    ],
)
def test_anything_else_is_refused_and_says_what_would_do(table, where, said):
    connection, relation = table
    with pytest.raises(QueryError) as refused:
        rows_that(connection, relation, where, "marts.synthetic").fetchall()
    text = str(refused.value)
    assert text.startswith("--where ")
    assert said in text
    assert "marts.synthetic" in text
    assert "for example --where \"gpu = 'H100 SXM'\"" in text


PIECES = st.sampled_from(
    ["true", "gpu", "=", "'H200'", "(", ")", ";", "--", "/*", "*/", "'", '"', "and", "or", "not", "select", "from mart",
     "update mart set price = 0", "drop table mart", "attach 'x' as y", "copy mart to 'x.csv'", "union all", "where",
     "insert into mart", "delete from mart", "\n", ",", "1", "price", "<", "in", "is null", "limit 1", "$$", "E'\\'"]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=12).map(" ".join) | st.text(max_size=40))
def test_no_text_changes_the_table_or_brings_other_rows(table, where):
    connection, relation = table
    try:
        found = rows_that(connection, relation, where, "marts.synthetic").fetchall()
    except (QueryError, duckdb.Error):
        found = []
    assert set(found) <= set(ROWS)
    assert connection.sql("from mart order by id").fetchall() == ROWS
    assert not Path("x.csv").exists()


@st.composite
def conditions(draw, depth: int = 2):
    """A condition in SQL, and the same in Python over (id, gpu, market, price, day, stale); null makes it not hold."""
    if depth == 0 or draw(st.booleans()):
        name, place = draw(st.sampled_from([("gpu", 1), ("market", 2)]))
        text = draw(st.sampled_from([r[place] for r in ROWS if r[place]]) | st.text(max_size=8).filter(_printable))
        quoted = "'" + text.replace("'", "''") + "'"
        return f"coalesce({name} = {quoted}, false)", lambda row: row[place] == text
    (left, left_holds), (right, right_holds) = draw(conditions(depth - 1)), draw(conditions(depth - 1))
    if draw(st.booleans()):
        return f"({left}) and not ({right})", lambda row: left_holds(row) and not right_holds(row)
    return f"{left} or {right}", lambda row: left_holds(row) or right_holds(row)


def _printable(text: str) -> bool:
    return "\0" not in text and all(not 0xD800 <= ord(sign) <= 0xDFFF for sign in text)


@given(conditions())
def test_a_condition_holds_for_the_rows_that_python_finds(table, condition):
    where, holds = condition
    assert kept(table, where) == {row[0] for row in ROWS if holds(row)}
