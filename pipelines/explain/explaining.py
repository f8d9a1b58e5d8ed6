"""One row of a mart, computed again under tracing by the mart's own code, from the tables of a published release.

A row of a core table is explained by core_rows.py; `explain` takes either.

Not here: trees (tree.py), what stands behind their leaves (facts.py), printing (text.py, document.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import duckdb
import polars as pl

from pipelines.economics.compute import UnknownFigure
from pipelines.economics.trace import HOW, Trace, tracing
from pipelines.explain import core_rows, indices
from pipelines.explain.explained import ALL, DAY, Explained, first_row, nearest
from pipelines.explain.facts import Facts
from pipelines.explain.indices import SEGMENTED
from pipelines.explain.tree import tree
from pipelines.mart_kit.all_marts import marts
from pipelines.mart_kit.schema import MartError, Schema
from pipelines.mart_kit.traced_core import traced
from pipelines.release.query import QueryError
from pipelines.warehouse.core_reader import Day, read

ENDS = ("_low", "_high")
TOLERANCE = 1e-9


def explain(
    connection: duckdb.DuckDBPyConnection, table: str, where: str | None = None, figure: str | None = None
) -> Explained:
    """The first row of the table that `where` (SQL) holds for, newest day first, with the tree of a figure or of ALL.

    A name without its schema is a mart, else a table of core. Raises QueryError for an unknown table or figure, a table
    without figures, a `where` that is no condition, and where no row matches.
    """
    schema_name, _, name = table.rpartition(".")
    if schema_name in ("", "marts") and name in marts():
        return _of_mart(connection, marts()[name], where, figure)
    core = core_rows.tables(connection)
    if schema_name in ("", "core") and name in core:
        return core_rows.explain(connection, name, where, figure)
    known = [*marts(), *core]
    if schema_name:
        known = [*[f"marts.{mart}" for mart in marts()], *[f"core.{other}" for other in core]]
    raise QueryError(f"there is no mart and no core table {table!r}. {nearest(table, known, 'Tables')}")


def _of_mart(
    connection: duckdb.DuckDBPyConnection, module: ModuleType, where: str | None, figure: str | None
) -> Explained:
    schema: Schema = module.SCHEMA
    name = f"marts.{schema.table}"
    if not figures(schema):
        raise QueryError(f"{name} lists and counts; it holds no figure to explain.")
    wanted = figures(schema) if figure == ALL else [figure or main_figure(module)]
    if wanted[0] not in figures(schema):
        raise QueryError(f"{figure!r} is no figure of {name}. {nearest(wanted[0], figures(schema), 'Figures')}")
    newest_first = sorted(schema.key, key=lambda column: column != DAY)
    order = ", ".join(f'"{column}" desc' if column == DAY else f'"{column}"' for column in newest_first)
    row, matching = first_row(connection, name, where, order)
    if schema.table in SEGMENTED:
        with tracing() as trace:
            trees = indices.trees(module, traced(_core(connection, module, None), trace), trace, row, wanted)
    else:
        trace, made = _made_again(connection, module, row)
        trees = {
            column: tree(trace, made.get(HOW + column), column, row[column], *_ends(row, column))
            for column in wanted
            if row[column] is not None
        }
    key = {column: row[column] for column in schema.key}
    return Explained(name, key, row, matching, trees, Facts(connection, trace), _units(schema, row))


def _units(schema: Schema, row: Mapping[str, Any]) -> dict[str, str | None]:
    """The unit of each column; where rows differ in unit, the row's."""
    stated = {column.name: column.unit for column in schema.columns}
    return {name: row.get("unit") if unit == "as the row states" else unit for name, unit in stated.items()}


def _ends(row: Mapping[str, Any], name: str) -> tuple[float | None, float | None]:
    """Low and high of a figure; those of a column named `value` have no name of their own."""
    low, high = (f"{name}_low", f"{name}_high") if f"{name}_low" in row else ("low", "high")
    return (row.get(low), row.get(high)) if name == "value" or low in row else (None, None)


def figures(schema: Schema) -> list[str]:
    """The columns of a mart that are figures: numbers, without the ends of ranges."""
    ends = {name + end for name in schema.names for end in ENDS} | {"low", "high"}
    return [c.name for c in schema.columns if c.dtype == pl.Float64() and c.name not in ends]


def main_figure(module: ModuleType) -> str:
    """The figure a mart is asked about first: the one it plots, else its first."""
    first = getattr(module, "PLOT", (None,))[0]
    return str(first or figures(module.SCHEMA)[0])


def _made_again(
    connection: duckdb.DuckDBPyConnection, module: ModuleType, row: Mapping[str, Any]
) -> tuple[Trace, Mapping[str, Any]]:
    """The row as the mart's code makes it now, with references, and the trace they point into.

    The day's own rows of core are tried first, since most marts need no others; where the row does not come out as it
    was published, all of core is taken. Raises QueryError where it does not come out then.
    """
    day, failure = row.get(DAY), ""
    for only in [day, None] if day is not None else [None]:
        try:
            with tracing() as trace:
                made = _build(module, traced(_core(connection, module, only), trace), row)
        except (pl.exceptions.PolarsError, duckdb.Error, MartError, UnknownFigure) as error:
            failure = f" ({str(error).splitlines()[0]})"
            continue
        key = [pl.col(name).eq_missing(pl.lit(row[name], dtype=made.schema[name])) for name in module.SCHEMA.key]
        found = made.filter(key)
        if found.height == 1 and _same(module.SCHEMA, found.row(0, named=True), row):
            return trace, found.row(0, named=True)
    raise QueryError(
        f"marts.{module.SCHEMA.table} does not come out of this release's core as it was published: "
        f"the release was made by another version of the code. Run `rackhour refresh` first.{failure}"
    )


def _build(module: ModuleType, core: Mapping[str, pl.DataFrame], row: Mapping[str, Any]) -> pl.DataFrame:
    """The mart under tracing; of a mart that can make a part alone (`build_for`), the part that holds the row."""
    make = getattr(module, "build_for", None)
    made: pl.DataFrame = make(core, row) if make else module.SCHEMA.conform(module.build(core))
    return made


def _core(connection: duckdb.DuckDBPyConnection, module: ModuleType, day: Day) -> dict[str, pl.DataFrame]:
    """The tables the mart reads; of dated ones the day alone, if given."""
    return read(connection, [*module.INPUTS, *(f"marts.{name}" for name in getattr(module, "MARTS", ()))], day)


def _same(schema: Schema, ours: Mapping[str, Any], published: Mapping[str, Any]) -> bool:
    """Whether the figures are the published ones. Text may tell a figure's last digit and is not compared."""
    numbers = [column.name for column in schema.columns if column.dtype == pl.Float64()]
    return all(_equal(ours[name], published[name]) for name in numbers)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(one == other)
