"""A person's condition on the rows of one table (`--where`): one expression that is true or false, and nothing else.

The text never becomes part of a statement that runs. It is parsed by DuckDB; what comes out must be a WHERE clause
alone, of one statement; then the parsed expression filters the table, bound against its columns. A subquery is
refused: a row is chosen by its own columns, so that a condition means the same on a release and on a mart that a
scenario computed, where there are no other tables.

Not here: whole queries (`rackhour sql`, pipelines/release/query.py).
"""

from __future__ import annotations

import difflib
import json
from typing import Any

import duckdb

from pipelines.home.sql_text import named, quoted
from pipelines.release.query import QueryError

OPTION = "--where"
SHOWN = 80


def rows_that(
    connection: duckdb.DuckDBPyConnection, table: duckdb.DuckDBPyRelation, where: str, name: str
) -> duckdb.DuckDBPyRelation:
    """The rows of the table for which the condition holds. `name` is the table's, for messages.

    Raises QueryError for anything that is no condition on its columns. What a condition does only with some values
    (a cast that fails) is raised by DuckDB when the rows are read; see `refused`.
    """
    shape, message = _parsed(connection, where)
    if shape is None:
        raise _error(where, message, table, name)
    condition = shape.pop("where_clause")
    if shape != _bare(connection):
        raise _error(where, "it goes on after the condition (GROUP BY, ORDER BY, LIMIT and the like)", table, name)
    if _holds(condition, "SUBQUERY"):
        problem = "it holds a subquery. Write the values themselves, as in: gpu in ('H100 SXM', 'H200')"
        raise _error(where, problem, table, name)
    try:
        parsed = duckdb.SQLExpression(where)
        kept = table.filter(parsed)
        kind = str(table.project(parsed.alias("holds")).types[0])
    except duckdb.Error as error:
        raise _error(where, _told(error, table), table, name) from error
    if kind != "BOOLEAN":
        raise _error(where, f"its value is {kind}, not true or false", table, name)
    return kept


def refused(where: str, error: duckdb.Error, table: duckdb.DuckDBPyRelation, name: str) -> QueryError:
    """The error to raise where DuckDB stopped while it read the rows that a condition holds for."""
    return _error(where, _told(error, table), table, name)


def _parsed(connection: duckdb.DuckDBPyConnection, where: str) -> tuple[dict[str, Any] | None, str]:
    """The syntax tree of `select * from t where CONDITION`, or why there is none. The line break ends a comment."""
    parsed = _tree(connection, f"select * from t where {where}\n")
    if parsed["error"]:
        if parsed["error_type"] == "not implemented":
            return None, "it holds more than one statement"
        return None, f"it cannot be read as one: {parsed['error_message']}"
    if len(parsed["statements"]) != 1:
        return None, f"it holds {len(parsed['statements'])} statements"
    node: dict[str, Any] = parsed["statements"][0]["node"]
    if node["type"] != "SELECT_NODE" or node["where_clause"] is None:
        return None, "it goes on after the condition (UNION, EXCEPT or INTERSECT)"
    return node, ""


def _bare(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The same tree of a condition and nothing else, without the condition."""
    node: dict[str, Any] = _tree(connection, "select * from t where true\n")["statements"][0]["node"]
    del node["where_clause"]
    return node


def _tree(connection: duckdb.DuckDBPyConnection, statement: str) -> dict[str, Any]:
    (text,) = connection.execute("select json_serialize_sql(?)", [statement]).fetchall()[0]
    tree: dict[str, Any] = json.loads(text)
    return tree


def _holds(tree: Any, kind: str) -> bool:
    if isinstance(tree, dict):
        return tree.get("class") == kind or any(_holds(part, kind) for part in tree.values())
    return isinstance(tree, list) and any(_holds(part, kind) for part in tree)


def _told(error: duckdb.Error, table: duckdb.DuckDBPyRelation) -> str:
    """DuckDB's first line, with the table's columns where it misses one."""
    text = str(error).partition("\n")[0]
    if isinstance(error, duckdb.BinderException) and "not found" in text:
        missing = text.partition('"')[2].partition('"')[0]
        near = difflib.get_close_matches(missing, table.columns, n=3, cutoff=0.6)
        return f"there is no column {missing!r}. " + (
            f"Did you mean {' or '.join(near)}?" if near else f"Columns: {', '.join(table.columns)}"
        )
    return text


def _error(where: str, problem: str, table: duckdb.DuckDBPyRelation, name: str) -> QueryError:
    """What is wrong with a condition, and one on the same table that works."""
    shown = where if len(where) <= SHOWN else f"{where[: SHOWN - 4]} ..."
    ended = problem if problem.endswith(("?", ".")) else f"{problem}."
    return QueryError(
        f"{OPTION} {shown!r} is no condition on the rows of {name}: {ended} "
        f'Write one condition on its columns, for example {OPTION} "{_example(table)}"'
    )


def _example(table: duckdb.DuckDBPyRelation) -> str:
    """A condition that holds for a row of the table, on its first column of text."""
    for column, kind in zip(table.columns, table.types, strict=True):
        if str(kind) == "VARCHAR":
            name = named(column)
            rows = table.project(name).filter(f"{name} is not null").limit(1).fetchall()
            if rows:
                return f"{column} = {quoted(rows[0][0])}"
    return f"{table.columns[0]} is not null"
