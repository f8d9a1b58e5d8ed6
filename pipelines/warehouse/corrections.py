"""Corrections as tables of the build database: what was decided, and which landed rows each decision meets.

Matching is done here, once, on landed rows in the publishers' own labels; staging only joins by observation.
Not here: the shape of an entry (sources/corrections.py), how staging acts on it (dbt_project).
"""

from __future__ import annotations

from typing import Any

import duckdb

from pipelines.home.places import Home
from sources import corrections
from sources.corrections import Correction, Guard, Origin

ENTRIES = """
create table landing.correction (
    correction_id varchar, origin varchar, source_id varchar, action varchar, reason_code varchar, reason varchar,
    decided_on date, decided_by varchar, multiply_price_by double, set_price double, set_price_unit varchar,
    set_gpu_count double, has_landed boolean
)"""
MATCHES = """
create table landing.correction_match (
    correction_id varchar, source_id varchar, observation_id varchar, known_from date, price double,
    price_unit varchar, guard_holds boolean
)"""


def lay_out(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """`landing.correction`, a row per entry, and `landing.correction_match`, a row per entry and landed row it meets.

    Raises SourceError on an entry that is not valid, or that a user and the package name alike.
    """
    connection.execute(ENTRIES)
    connection.execute(MATCHES)
    for origin, entry in entries(home):
        landed = connection.sql(f"select count(*) from landing.{entry.source_id}").fetchall()[0][0]
        figure = entry.set or corrections.Figure.model_construct()
        row: list[Any] = [
            entry.id,
            origin,
            entry.source_id,
            entry.action,
            entry.reason_code,
            entry.reason,
            entry.decided_on,
        ]
        row += [entry.decided_by, figure.multiply_price_by, figure.price, figure.price_unit, figure.gpu_count]
        connection.execute(
            "insert into landing.correction values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [*row, landed > 0]
        )
        connection.execute(*_matching(entry))


def entries(home: Home) -> list[tuple[Origin, Correction]]:
    """Every entry, packaged ones first, with whose it is. Raises SourceError where one is not valid."""
    packaged, own = corrections.packaged(), corrections.own(home.corrections, home.sources)
    corrections.distinct([*packaged, *own])
    return [*(("packaged", entry) for entry in packaged), *(("own", entry) for entry in own)]


def _matching(entry: Correction) -> tuple[str, list[Any]]:
    """The statement that lists the landed rows an entry meets, and its parameters."""
    guard, expected = _guard(entry.expect)
    conditions, wanted = ["true"], []
    for column, value in entry.match.items():
        values = value if isinstance(value, list) else [value]
        given = [v for v in values if v is not None]
        options = [f"{column} in ({', '.join('?' * len(given))})"] if given else []
        options += [f"{column} is null"] if None in values else []
        conditions.append(f"({' or '.join(options)})")
        wanted += given
    for bound, day in ((">=", entry.first_day), ("<=", entry.last_day)):
        if day is not None:
            conditions.append(f"valid_from {bound} ?")
            wanted.append(day)
    statement = f"""
        insert into landing.correction_match
        select distinct ?, source_id, observation_id, known_from, price, price_unit, {guard}
        from landing.{entry.source_id}
        where {" and ".join(conditions)}"""
    return statement, [entry.id, *expected, *wanted]


def _guard(guard: Guard | None) -> tuple[str, list[float]]:
    if guard is None:
        return "true", []
    given = {
        # Equal up to the last digits of a double: publishers print decimals.
        "abs(price - ?) <= 1e-9 * abs(price)": guard.price_equals,
        "price >= ?": guard.price_at_least,
        "price <= ?": guard.price_at_most,
    }
    held = {text: value for text, value in given.items() if value is not None}
    return f"coalesce({' and '.join(held)}, false)", list(held.values())
