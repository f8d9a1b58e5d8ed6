"""What stands in the build database after dbt: rows, columns and spans of values, for Dagster's pages.

Not here: contents (pipelines/warehouse/core_reader.py reads core for the marts).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import polars as pl

from pipelines.home.places import Home

SPANNED = ("DECIMAL", "DOUBLE", "DATE")  # types whose lowest and highest value say something


@dataclass(frozen=True)
class Relation:
    """A table or view as built: rows (None for a view), columns, lowest and highest value of figures and dates."""

    rows: int | None = None
    columns: tuple[str, ...] = ()
    spans: Mapping[str, tuple[object, object]] = field(default_factory=dict)


SHOWN_ROWS = 10


def first_rows(home: Home, table: str, columns: Sequence[str], order: str) -> pl.DataFrame:
    """The first rows of a table as built, in that order: what its `meta.preview` in dbt names."""
    with duckdb.connect(str(home.build_db), read_only=True) as connection:
        return connection.sql(f"select {', '.join(columns)} from {table} order by {order} limit {SHOWN_ROWS}").pl()


def relations(home: Home) -> dict[tuple[str, str], Relation]:
    """Every table and view by (schema, name). Views are not counted: that would run them again."""
    if not home.build_db.exists():
        return {}
    found: dict[tuple[str, str], Relation] = {}
    with duckdb.connect(str(home.build_db), read_only=True) as connection:
        tables = set(connection.sql("select schema_name, table_name from duckdb_tables()").fetchall())
        listed = connection.sql(
            "select schema_name, table_name, list({'name': column_name, 'type': data_type} order by column_index) "
            "from duckdb_columns() group by all"
        ).fetchall()
        for schema, name, columns in listed:
            names = tuple(column["name"] for column in columns)
            if (schema, name) not in tables:
                found[schema, name] = Relation(columns=names)
                continue
            spanned = [column["name"] for column in columns if column["type"].startswith(SPANNED)]
            ends = ", ".join(["count(*)", *(f'min("{column}"), max("{column}")' for column in spanned)])
            row = connection.sql(f'select {ends} from {schema}."{name}"').fetchall()[0]
            spans = {column: (row[1 + 2 * i], row[2 + 2 * i]) for i, column in enumerate(spanned)}
            found[schema, name] = Relation(int(row[0]), names, spans)
    return found
