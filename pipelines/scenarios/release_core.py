"""Core of a published release, as the marts read it: only the tables asked for, DECIMAL prices as DOUBLE.

Not here: the build database (pipelines/warehouse/build_database.py).
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

NEWEST = "where as_of_date = (select max(as_of_date) from rackhour.core.calendar)"


def tables(connection: duckdb.DuckDBPyConnection) -> dict[str, pl.Schema]:
    """Every core table of the release with its columns; what is no text, date or truth value counts as a number."""
    rows = connection.sql(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = 'rackhour' and schema_name = 'core' order by table_name, column_index"
    ).fetchall()
    found: dict[str, dict[str, pl.DataType]] = {}
    for table, column, dtype in rows:
        number = dtype.startswith(("DECIMAL", "DOUBLE", "FLOAT"))
        found.setdefault(table, {})[column] = pl.Float64() if number else pl.String()
    return {table: pl.Schema(columns) for table, columns in found.items()}


def read(
    connection: duckdb.DuckDBPyConnection, names: Iterable[str], known: dict[str, pl.Schema]
) -> dict[str, pl.DataFrame]:
    """The tables, ordered by their columns; those with an as_of_date as of the newest day alone."""
    frames = {}
    for name in names:
        newest = NEWEST if "as_of_date" in known[name].names() else ""
        frame = connection.sql(f"select * from rackhour.core.{name} {newest} order by all").pl()
        decimals = [column for column, dtype in frame.schema.items() if isinstance(dtype, pl.Decimal)]
        frames[name] = frame.with_columns(pl.col(decimals).cast(pl.Float64))
    return frames
