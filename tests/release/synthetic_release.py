"""A home whose published release is a database made here (synthetic). Not here: tests."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.home.places import Home


def publish(home: Home, table: str, rows: Sequence[tuple] = ()) -> Home:
    """Publish one table of schema core, given as its name and columns, with these rows."""
    folder = home.releases / "synthetic"
    folder.mkdir(parents=True)
    home.current.symlink_to(folder, target_is_directory=True)
    with duckdb.connect(str(folder / "rackhour.duckdb")) as connection:
        connection.execute("create schema core")
        connection.execute(f"create table core.{table}")
        if rows:
            name = table.partition(" ")[0]
            connection.executemany(f"insert into core.{name} values ({', '.join('?' * len(rows[0]))})", rows)
    return home


def opened(home: Home) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(home.current / "rackhour.duckdb"), read_only=True)
