"""SQL on a published release: read-only, without a lock, importing neither Dagster nor dbt nor polars.

Not here: anything that writes or prints.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.home import ops
from pipelines.home.manifest import ReleaseError
from pipelines.home.places import Home


class QueryError(Exception):
    """The query cannot be answered; the text says why and what to do."""


def connect(home: Home, release: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection whose schemas core, marts and quarantine are the release's, and whose ops is the log as it stands.

    Raises ReleaseError where nothing is published or no release has that name.
    """
    path = _database(home, release)
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    quoted = str(path).replace("'", "''")
    connection.execute(f"attach '{quoted}' as rackhour (read_only)")
    connection.execute("create schema ops")
    for table in ops.TABLES:
        connection.execute(f"create view ops.{table} as select * from {ops.relation(home, table)}")
    connection.execute("create view ops.releases as select * from rackhour.ops.releases")
    connection.execute("create view ops.checks as select * from rackhour.ops.checks")
    connection.execute("set search_path = 'memory.ops,rackhour.marts,rackhour.core,rackhour.quarantine'")
    return connection


def answer(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyRelation:
    """The result of one reading statement. Raises QueryError on a statement that writes, or that DuckDB refuses."""
    try:
        statements = connection.extract_statements(query)
    except duckdb.ParserException as error:
        raise QueryError(str(error)) from error
    if len(statements) != 1:
        raise QueryError(f"one statement at a time, please; these are {len(statements)}.")
    allowed = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.RELATION}
    if statements[0].type not in allowed:
        raise QueryError(f"a release is read-only: {statements[0].type.name} is not allowed here; SELECT is.")
    try:
        relation = connection.sql(query)
    except duckdb.Error as error:
        raise QueryError(_hint(connection, error)) from error
    return relation


def _database(home: Home, release: str | None) -> Path:
    if release in (None, "current"):
        path = home.current / "rackhour.duckdb"
        if not path.exists():
            raise ReleaseError(f"nothing is published in {home.root} yet: run `rackhour refresh` (or `make refresh`).")
        return path
    from pipelines.release.history import folder

    return folder(home, str(release)) / "rackhour.duckdb"


def _hint(connection: duckdb.DuckDBPyConnection, error: duckdb.Error) -> str:
    text = str(error)
    if isinstance(error, duckdb.CatalogException):
        names = connection.sql(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'rackhour' order by all"
        ).fetchall()
        text += "\nTables: " + ", ".join(name for (name,) in names)
    return text
