"""What is explained: one row of a table of a release, and how it is chosen.

Not here: the trees of its figures (explaining.py for marts, core_rows.py for core), printing.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipelines.explain.facts import Facts
from pipelines.explain.tree import Tree
from pipelines.release import condition
from pipelines.release.query import QueryError

DAY = "as_of_date"
ALL = "all"


@dataclass(frozen=True)
class Explained:
    """A row and the trees of its figures, with the facts to look their leaves up in and the units of its columns.

    `table` is named with its schema. `meanings` says what each column of a core row means; of a mart's row it is
    empty, since the formulas say it.
    """

    table: str
    key: Mapping[str, Any]
    row: Mapping[str, Any]
    matching: int
    trees: Mapping[str, Tree]
    facts: Facts
    units: Mapping[str, str | None]
    meanings: Mapping[str, str] = field(default_factory=dict)


def first_row(
    connection: duckdb.DuckDBPyConnection, table: str, where: str | None, order: str
) -> tuple[dict[str, Any], int]:
    """The first row in that order for which the condition holds, and how many there were to choose from.

    Raises QueryError where `where` is no condition on the table's columns, or no row matches.
    """
    rows = connection.table(f"rackhour.{table}")
    met = rows if where is None else condition.rows_that(connection, rows, where, table)
    try:
        ((matching,),) = met.count("*").fetchall()
        first = met.order(order).limit(1).pl()
    except duckdb.Error as error:
        if where is None:
            raise QueryError(str(error)) from error
        raise condition.refused(where, error, rows, table) from error
    if not matching:
        raise QueryError(
            f"no row of {table} has {where}. Its columns: {', '.join(rows.columns)}; "
            f'try `rackhour sql "from {table} limit 5"`.'
            if where is not None
            else f"{table} has no rows in this release."
        )
    return first.row(0, named=True), int(matching)


def nearest(name: str, names: Sequence[str], what: str) -> str:
    """The names that may have been meant, else all there are."""
    near = [other for other in names if name in other] or difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(near)}?" if near else f"{what}: {', '.join(names)}."
