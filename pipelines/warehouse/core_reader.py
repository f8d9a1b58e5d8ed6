"""The one reader of core: tables as marts, explain and scenarios take them, from a build or from a release.

A table comes ordered by all its columns, with DECIMAL prices as DOUBLE, since marts compute in DOUBLE. Both databases
have the catalogue name `rackhour`, so that one statement reads either.

Not here: making core (dbt_project), what a mart does with it (pipelines/marts).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal

import duckdb
import polars as pl

from pipelines.home.build import Build

DAY = "as_of_date"
NEWEST: Literal["newest"] = "newest"
Day = dt.date | Literal["newest"] | None
"""Which rows of a dated table: of a day, of the newest day, or all (None)."""

_KEPT_TABLES = 64


def read(connection: duckdb.DuckDBPyConnection, names: Iterable[str], day: Day = None) -> dict[str, pl.DataFrame]:
    """The tables by the names asked for: `NAME` is core's, `marts.NAME` a mart's; of dated ones the rows of `day`."""
    return {name: _read(connection, name, day) for name in names}


def _read(connection: duckdb.DuckDBPyConnection, name: str, day: Day) -> pl.DataFrame:
    relation = connection.sql(f"from rackhour.{name if '.' in name else f'core.{name}'}")
    if day is not None and DAY in relation.columns:
        which = "(select max(as_of_date) from rackhour.core.calendar)" if day == NEWEST else f"date '{day}'"
        relation = relation.filter(f"{DAY} = {which}")
    frame = relation.order("all").pl()
    decimals = [column for column, dtype in frame.schema.items() if isinstance(dtype, pl.Decimal)]
    return frame.with_columns(pl.col(decimals).cast(pl.Float64))


def read_build(build: Build, names: Iterable[str]) -> dict[str, pl.DataFrame]:
    """Core tables of the build in hand. Many marts read the same ones: each is read once while the file is as it is."""
    path = build.home.build_db
    state = path.stat()
    return {name: _read_once(path, state.st_mtime_ns, state.st_size, name) for name in names}


@lru_cache(maxsize=_KEPT_TABLES)
def _read_once(path: Path, modified_ns: int, size: int, name: str) -> pl.DataFrame:
    """A table of the build database; the file's time and size are part of the question."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return _read(connection, name, None)


def read_made_marts(build: Build, names: Iterable[str]) -> dict[str, pl.DataFrame]:
    """Marts this build has made already, as `marts.NAME`: for a mart that holds others against something."""
    return {f"marts.{name}": pl.read_parquet(build.home.marts / f"{name}.parquet") for name in names}
