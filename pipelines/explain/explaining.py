"""One row of a mart, computed again under tracing by the mart's own code, from the tables of a published release.

Not here: trees (tree.py), what stands behind their leaves (facts.py), printing (text.py, document.py).
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import duckdb
import polars as pl

from pipelines.economics.compute import UnknownFigure
from pipelines.economics.trace import HOW, Trace, tracing
from pipelines.explain import indices
from pipelines.explain.facts import Facts
from pipelines.explain.indices import SEGMENTED
from pipelines.explain.tree import Tree, tree
from pipelines.mart_kit.all_marts import marts
from pipelines.mart_kit.schema import MartError, Schema
from pipelines.mart_kit.traced_core import traced
from pipelines.release.query import QueryError

DAY = "as_of_date"
ALL = "all"
ENDS = ("_low", "_high")
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Explained:
    """A row of a mart and the trees of its figures, with the facts to look their leaves up in."""

    mart: str
    schema: Schema
    row: Mapping[str, Any]
    matching: int
    trees: Mapping[str, Tree]
    facts: Facts

    @property
    def key(self) -> dict[str, Any]:
        """The row's key."""
        return {name: self.row[name] for name in self.schema.key}


def explain(
    connection: duckdb.DuckDBPyConnection, mart: str, where: str | None = None, figure: str | None = None
) -> Explained:
    """The first row of the mart that `where` (SQL) holds for, newest day first, with the tree of a figure or of ALL.

    Raises QueryError for an unknown mart or figure, a mart without figures, a condition DuckDB refuses, and where no
    row matches.
    """
    module = _module(mart)
    schema: Schema = module.SCHEMA
    if not figures(schema):
        raise QueryError(f"marts.{mart} lists and counts; it holds no figure to explain.")
    wanted = figures(schema) if figure == ALL else [figure or main_figure(module)]
    if wanted[0] not in figures(schema):
        raise QueryError(f"{figure!r} is no figure of marts.{mart}. {_nearest(wanted[0], figures(schema), 'Figures')}")
    row, matching = _row(connection, schema, where)
    if schema.table in SEGMENTED:
        with tracing() as trace:
            trees = indices.trees(module, traced(_core(connection, module, None), trace), trace, row, wanted)
    else:
        trace, made = _made_again(connection, module, row)
        trees = {
            name: tree(trace, made.get(HOW + name), name, row[name], *_ends(row, name))
            for name in wanted
            if row[name] is not None
        }
    return Explained(schema.table, schema, row, matching, trees, Facts(connection, trace))


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


def _module(mart: str) -> ModuleType:
    mart = mart.removeprefix("marts.")
    if mart not in marts():
        raise QueryError(f"there is no mart {mart!r}. {_nearest(mart, list(marts()), 'Marts')}")
    return marts()[mart]


def _nearest(name: str, names: Sequence[str], what: str) -> str:
    near = [other for other in names if name in other] or difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(near)}?" if near else f"{what}: {', '.join(names)}."


def _row(connection: duckdb.DuckDBPyConnection, schema: Schema, where: str | None) -> tuple[dict[str, Any], int]:
    """The row to explain and how many there were to choose from."""
    table = f"rackhour.marts.{schema.table}"
    condition = f"where ({where})" if where else ""
    newest_first = sorted(schema.key, key=lambda name: name != DAY)
    order = ", ".join(f'"{name}" desc' if name == DAY else f'"{name}"' for name in newest_first)
    try:
        counted = connection.sql(f"select count(*) from {table} {condition}").fetchall()[0][0]
        first = connection.sql(f"select * from {table} {condition} order by {order} limit 1").pl()
    except duckdb.Error as error:
        raise QueryError(f"--where {where!r}: {error}") from error
    if not counted:
        raise QueryError(
            f"no row of marts.{schema.table} has {where}. Its key: {', '.join(schema.key)}; "
            f'try `rackhour sql "from marts.{schema.table} limit 5"`.'
            if where
            else f"marts.{schema.table} has no rows in this release."
        )
    return first.row(0, named=True), int(counted)


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


def _core(connection: duckdb.DuckDBPyConnection, module: ModuleType, day: object) -> dict[str, pl.DataFrame]:
    """The tables the mart reads, as pipelines/warehouse/build_database.py hands them to it; of dated ones the day
    alone, if given.
    """
    wanted = {name: f"rackhour.core.{name}" for name in module.INPUTS}
    wanted |= {f"marts.{name}": f"rackhour.marts.{name}" for name in getattr(module, "MARTS", ())}
    frames = {}
    for name, table in wanted.items():
        relation = connection.sql(f"from {table}")
        if day is not None and DAY in relation.columns:
            relation = relation.filter(f"{DAY} = date '{day}'")
        frame = relation.order("all").pl()
        decimals = [column for column, dtype in frame.schema.items() if isinstance(dtype, pl.Decimal)]
        frames[name] = frame.with_columns(pl.col(decimals).cast(pl.Float64))
    return frames


def _same(schema: Schema, ours: Mapping[str, Any], published: Mapping[str, Any]) -> bool:
    """Whether the figures are the published ones. Text may tell a figure's last digit and is not compared."""
    numbers = [column.name for column in schema.columns if column.dtype == pl.Float64()]
    return all(_equal(ours[name], published[name]) for name in numbers)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(one == other)
