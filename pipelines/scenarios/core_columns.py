"""Which core tables a published release holds, with the columns a scenario may change.

Not here: reading them (pipelines/warehouse/core_reader.py).
"""

from __future__ import annotations

import duckdb
import polars as pl


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
