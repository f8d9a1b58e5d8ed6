"""SQL on a published release: read-only, without a lock, importing neither Dagster nor dbt nor polars.

Everything that runs a person's text on a release connects here. Two things keep that text from doing harm, each by
itself: `answer` lets one SELECT through, and the connection it runs on can open no file, load no extension and change
no setting (`lock`).

Not here: anything that writes or prints, a condition on one table's rows (condition.py).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.home import ops
from pipelines.home.manifest import ReleaseError
from pipelines.home.places import Home
from pipelines.home.sql_text import quoted

WITHOUT_EXTENSIONS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
EXAMPLE = "select gpu, price_usd_per_gpu_hour from core.headline_rate limit 5"
OPTION = re.compile(rb"\(\s*(format|analyze|verbose)\b[^()]*\)", re.IGNORECASE)


class QueryError(Exception):
    """The query cannot be answered; the text says why and what to do."""


def connect(home: Home, release: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection whose schemas core, marts and quarantine are the release's, and whose ops is the log as it stands.

    It is locked (see `lock`): what it shows was opened or read before. Raises ReleaseError where nothing is published
    or no release has that name.
    """
    path = _database(home, release)
    connection = duckdb.connect(config=WITHOUT_EXTENSIONS)
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"attach {quoted(path)} as rackhour (read_only)")
    connection.execute("create schema ops")
    for table in ops.TABLES:
        _copy_log(connection, home, table)
    connection.execute("create view ops.releases as select * from rackhour.ops.releases")
    connection.execute("create view ops.checks as select * from rackhour.ops.checks")
    connection.execute("set search_path = 'memory.ops,rackhour.marts,rackhour.core,rackhour.quarantine'")
    lock(connection)
    return connection


def lock(connection: duckdb.DuckDBPyConnection) -> None:
    """From here on the connection opens no file, reads no Python variable, loads nothing and keeps its settings.

    External access alone is not enough: DuckDB goes on allowing the path of a database that is attached already, so
    that the release could be detached and attached again for writing. Without its file system it opens nothing at
    all; the release stays readable through the handle it has. For the same reason nothing spills to the disk: a query
    that does not fit into memory fails, and says so.
    """
    connection.execute("set python_enable_replacements = false")
    connection.execute("set temp_directory = ''")
    connection.execute("set enable_external_access = false")
    connection.execute("set disabled_filesystems = 'LocalFileSystem'")
    connection.execute("set lock_configuration = true")


def answer(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyRelation:
    """The result of one reading statement. Raises QueryError on a statement that writes, or that DuckDB refuses."""
    with errors_in_words(connection):
        statements = connection.extract_statements(query)
        if len(statements) != 1:
            raise QueryError(_not_one(query, len(statements)))
        kind = statements[0].type
        if kind == duckdb.StatementType.EXPLAIN:
            if not _explains_a_select(connection, query):
                raise QueryError(f"only a SELECT can be explained here, for example: explain {EXAMPLE}")
        elif kind != duckdb.StatementType.SELECT or _words(query)[0] == "pragma":
            name = "PRAGMA" if kind == duckdb.StatementType.SELECT else kind.name
            raise QueryError(
                f"a release is read-only: {name} is not allowed. Write one SELECT, DESCRIBE, SHOW or SUMMARIZE, "
                f"for example: {EXAMPLE}"
            )
        return connection.sql(query)


@contextmanager
def errors_in_words(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Raises QueryError where DuckDB fails: put it around reading an answer's rows, too, since some fail only then."""
    try:
        yield
    except duckdb.Error as error:
        raise QueryError(_in_words(connection, error)) from error


def _database(home: Home, release: str | None) -> Path:
    if release in (None, "current"):
        path = home.current / "rackhour.duckdb"
        if not path.exists():
            raise ReleaseError(f"nothing is published in {home.root} yet: run `rackhour refresh` (or `make refresh`).")
        return path
    from pipelines.release.history import folder

    return folder(home, str(release)) / "rackhour.duckdb"


def _copy_log(connection: duckdb.DuckDBPyConnection, home: Home, table: str) -> None:
    """The log as a table, since a locked connection opens no file. A damaged log fails only a query that reads it."""
    try:
        connection.execute(f"create table ops.{table} as select * from {ops.relation(home, table)}")
    except duckdb.Error as error:
        problem = quoted(f"{home.ops / table}.jsonl cannot be read: {error}")
        columns = ", ".join(f"cast(error({problem}) as {kind}) as {name}" for name, kind in ops.TABLES[table].items())
        connection.execute(f"create view ops.{table} as select {columns}")


def _not_one(query: str, count: int) -> str:
    if "pivot" in _words(query) and count:
        return "PIVOT must list its values here: pivot ... on column in ('a', 'b') using ..."
    return f"one statement at a time, please; these are {count}." if count else f"write one SELECT, such as: {EXAMPLE}"


def _explains_a_select(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    """Whether what stands behind EXPLAIN, and its ANALYZE and options, is one SELECT: ANALYZE runs what it explains."""
    rest = _behind_first_word(query.encode())
    if rest[:1] == b"(" and (option := OPTION.match(rest)):
        rest = rest[option.end() :]
    elif _words(rest.decode())[0] in ("analyze", "analyse"):
        rest = _behind_first_word(rest)
    try:
        statements = connection.extract_statements(rest.decode())
    except duckdb.Error:
        return False
    return [s.type for s in statements] == [duckdb.StatementType.SELECT] and _words(rest.decode())[0] != "pragma"


def _behind_first_word(text: bytes) -> bytes:
    places = [place for place, _ in duckdb.tokenize(text.decode())]
    return text[places[1] :] if len(places) > 1 else b""


def _words(query: str) -> list[str]:
    """What the query consists of, in lower case and without comments; at least one word."""
    text = query.encode()
    places = [place for place, _ in duckdb.tokenize(query)]
    found = [text[start:end].decode() for start, end in itertools.pairwise([*places, len(text)])]
    return [re.split(r"\s|--|/\*", word, maxsplit=1)[0].lower() for word in found] or [""]


def _in_words(connection: duckdb.DuckDBPyConnection, error: duckdb.Error) -> str:
    """DuckDB's error with what a person can do about it."""
    text = str(error)
    if isinstance(error, duckdb.PermissionException):
        return (
            "a query here reads the release and the log of runs; files, addresses and extensions are closed to it. "
            "To join a file of yours, open the release in DuckDB itself: attach '<home>/current/rackhour.duckdb' "
            f"(read_only).\n{text}"
        )
    if isinstance(error, duckdb.CatalogException):
        names = connection.sql(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'rackhour' order by all"
        ).fetchall()
        text += "\nTables: " + ", ".join(name for (name,) in names)
    return text
