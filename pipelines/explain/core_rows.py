"""One row of a core table: its columns, what its figures mean, and the observations it was made of.

Core is made by dbt and holds no formulas to trace: a figure is a cell, and behind it stand the observations that the
row names (`observation_ids`), or the row itself where it is an observation.

Not here: rows of marts (explaining.py), what an observation is (facts.py), printing.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl

from pipelines.economics.trace import Trace
from pipelines.explain.explained import ALL, DAY, Explained, first_row, nearest
from pipelines.explain.facts import Facts
from pipelines.explain.tree import Tree
from pipelines.home.sql_text import named
from pipelines.release.query import QueryError

EVIDENCE = ("observation_ids", "observation_id", "citation")
"""A row with one of these can say who stands behind it."""

ENDS = ("_low", "_high")
SECOND = ("original_", "fx_", "list_")
"""Beginnings of figures that say in other words what another one says."""

NEWEST = (DAY, "valid_from", "known_from")


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The core tables of the release."""
    rows = connection.sql(
        "select table_name from duckdb_tables() where database_name = 'rackhour' and schema_name = 'core' order by all"
    ).fetchall()
    return [name for (name,) in rows]


def explain(connection: duckdb.DuckDBPyConnection, name: str, where: str | None, figure: str | None) -> Explained:
    """The first row of core.NAME that `where` holds for, newest first, with its figure, or ALL that it has.

    Raises QueryError where the table names no observations, for an unknown figure, a `where` that is no condition, and
    where no row matches.
    """
    table = f"core.{name}"
    relation = connection.table(f"rackhour.{table}")
    known = _figures(relation)
    if not known or not set(EVIDENCE) & set(relation.columns):
        raise QueryError(f'no observation stands behind a figure of {table}. Read it: rackhour sql "from {table}"')
    if figure not in (None, ALL, *known):
        raise QueryError(f"{figure!r} is no figure of {table}. {nearest(str(figure), known, 'Figures')}")
    order = [f"{column} desc" for column in NEWEST if column in relation.columns]
    order += [named(column) for column in relation.columns if column not in (*NEWEST, "observation_ids")]
    found, matching = first_row(connection, table, where, ", ".join(order))
    row: dict[str, Any] = {
        column: float(value) if isinstance(value, Decimal) else value for column, value in found.items()
    }
    wanted = [figure] if figure not in (None, ALL) else [one for one in known if row[one] is not None]
    if figure is None:
        wanted = wanted[:1]
    trace = Trace(core={name: pl.DataFrame([row], infer_schema_length=None, strict=False)})
    facts = Facts(connection, trace)
    trees = {one: _cell(name, row, one) for one in wanted if one is not None and row[one] is not None}
    if not trees:
        raise QueryError(f"{figure} is empty in this row of {table}. Figures it has: {', '.join(_filled(known, row))}.")
    meanings = {column: facts.meanings.get(("core", name, column), "") for column in row}
    units = {one: row.get("unit") for one in trees if one.startswith("value")}
    return Explained(table, {}, row, matching, trees, facts, units, meanings)


def _filled(known: list[str], row: Mapping[str, Any]) -> list[str]:
    return [one for one in known if row[one] is not None] or ["none"]


def _figures(relation: duckdb.DuckDBPyRelation) -> list[str]:
    """The columns that are figures: fractional numbers but counts and ends of ranges, what the table is about first."""
    ends = {column + end for column in relation.columns for end in ENDS}
    numbers = [
        column
        for column, kind in zip(relation.columns, relation.types, strict=True)
        if str(kind).startswith(("DECIMAL", "DOUBLE")) and column not in ends and not column.endswith("_count")
    ]
    return sorted(numbers, key=lambda column: column.startswith(SECOND))


def _cell(table: str, row: Mapping[str, Any], column: str) -> Tree:
    return Tree(column, row[column], row.get(f"{column}_low"), row.get(f"{column}_high"), cell=(table, 0, column))
