"""`rackhour scenario`: marts of the published release under changed inputs, side by side with base.

Not here: the arithmetic (the marts' own), the form of the command line (pipelines/cli/what_if.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType

import duckdb
import polars as pl

from pipelines.economics.simulation import SHAPES
from pipelines.home.places import Home
from pipelines.mart_kit.all_marts import marts as every_mart
from pipelines.mart_kit.assumed import Core
from pipelines.release import condition, query
from pipelines.scenarios import core_columns
from pipelines.scenarios.compare import LINE, compared, figures, keyed, lines, rebuilt
from pipelines.scenarios.errors import ScenarioError, unknown
from pipelines.scenarios.files import BASE, overrides_of, written
from pipelines.scenarios.headlines import HEADLINES
from pipelines.scenarios.override import Override, applied, override
from pipelines.scenarios.simulated import distributions
from pipelines.warehouse.core_reader import NEWEST, read

SHOWN = (*[name for name in LINE if name not in ("value_low", "value_high")],)
MAX_POINTS = 400


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    name: str = BASE
    sets: tuple[str, ...] = ()
    mart: str | None = None
    where: str | None = None
    columns: tuple[str, ...] = ()
    grids: tuple[str, ...] = ()


def listed(home: Home) -> pl.DataFrame:
    """One row per scenario there is."""
    known = written(home.root / "scenarios")
    return pl.DataFrame(
        [
            {
                "scenario": one.name,
                "extends": ", ".join(one.extends),
                "overrides": len(one.overrides),
                "description": one.description,
            }
            for one in known.values()
        ]
    )


def shown(home: Home, name: str) -> pl.DataFrame:
    """One row per override of a scenario, its parents' included: target, change, reason, source, what stands there.

    Raises ScenarioError as `compare` does.
    """
    connection = query.connect(home)
    known = core_columns.tables(connection)
    overrides = overrides_of(name, written(home.root / "scenarios"), known)
    core = read(connection, {one.table for one in overrides}, NEWEST)
    applied(core, overrides)
    rows = []
    for one in overrides:
        met = core[one.table].filter(*[pl.col(k).cast(pl.String) == v for k, v in one.where.items()])
        low, high = (float(end) for end in met.select(pl.min(one.column), pl.max(one.column).alias("max")).row(0))
        rows.append(
            {
                "target": one.target,
                "to": one.written,
                "now": f"{low:.6g}" if low == high else f"{low:.6g} to {high:.6g}",
                "rows": met.height,
                "reason": one.reason,
                "source": one.source,
            }
        )
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("target", "to", "now", "rows", "reason", "source"), pl.String) | {"rows": pl.Int64}
    )


def compare(home: Home, asked: Asked, release: str | None = None) -> pl.DataFrame:
    """Lines of the marts under the scenario beside base, one set per grid point (its keys are the first columns).

    Raises ScenarioError for a name, target, mart, column or grid that is none, QueryError for a `where` that is no
    condition.
    """
    connection = query.connect(home, release)
    known = core_columns.tables(connection)
    named = overrides_of(asked.name, written(home.root / "scenarios"), known)
    named += [_set(text, known) for text in asked.sets]
    marts = _marts(asked.mart)
    core = read(connection, sorted({i for m in marts.values() for i in m.INPUTS}), NEWEST)
    _check_touched(core, connection, known, named)
    points = list(_points(asked.grids, known))
    parts = []
    for mart, module in marts.items():
        base = _told(mart, module, rebuilt(module, core, []), asked)
        for values, more in points:
            _check_touched(core, connection, known, more)
            changed = _told(mart, module, rebuilt(module, core, [*named, *more]), asked)
            point = [pl.lit(value).alias(key) for key, value in values.items()]
            parts.append(compared(changed, base).select(*point, *LINE.names()))
    return pl.concat(parts)


def distribute(home: Home, asked: Asked, draws: int, seed: int, shape: str, release: str | None = None) -> pl.DataFrame:
    """Distributions of the figures under the scenario, a line per driver of their variance.

    Raises ScenarioError as `compare` does, and for more figures than can be drawn.
    """
    if asked.grids:
        raise ScenarioError("--grid and --draws do not go together: a grid sets what draws would vary.")
    if shape not in SHAPES:
        raise unknown("shape", shape, SHAPES)
    if draws < 2:
        raise ScenarioError("--draws wants two at least.")
    connection = query.connect(home, release)
    known = core_columns.tables(connection)
    overrides = overrides_of(asked.name, written(home.root / "scenarios"), known)
    overrides += [_set(text, known) for text in asked.sets]
    parts = []
    for mart, module in _marts(asked.mart or "rack_hour_factory").items():
        core = read(connection, module.INPUTS, NEWEST)
        _check_touched(core, connection, known, overrides)
        core = applied(core, overrides)
        rows, wanted = _wanted(mart, module, rebuilt(module, core, []), asked)
        rows = keyed(module.SCHEMA, rows)
        parts.append(distributions(mart, module, core, rows, wanted, draws=draws, seed=seed, shape=shape))
    return pl.concat(parts)


def once(found: pl.DataFrame) -> pl.DataFrame:
    """Distributions for a terminal: each figure told once, its further drivers below it."""
    told = ["mart", "key", "column", "base", "low", "p10", "p50", "p90", "high", "unit"]
    again = pl.int_range(pl.len()).over("mart", "key", "column") > 0
    return found.select(
        *[pl.when(~again).then(pl.col(name)).alias(name) for name in told], "driver", "variance_share_pct"
    )


def _check_touched(
    core: Core, connection: duckdb.DuckDBPyConnection, known: dict[str, pl.Schema], overrides: Sequence[Override]
) -> None:
    """Every override must meet a row of the release, also in a table that none of the marts reads."""
    unread = {one.table for one in overrides} - set(core)
    applied({**core, **read(connection, unread, NEWEST)}, list(overrides))


def _set(text: str, known: dict[str, pl.Schema]) -> Override:
    # A bracket holds equal signs of its own: the change is what follows the last one.
    target, equals, to = text.rpartition("=")
    if not equals or not target:
        raise ScenarioError(f"--set {text!r}: write target=change, such as professional.utilisation=0.6.")
    return override(target, to, known, reason="command line")


def _marts(name: str | None) -> dict[str, ModuleType]:
    known = every_mart()
    if name is None:
        return {mart: known[mart] for mart in HEADLINES}
    if name not in known:
        raise unknown("mart", name, known)
    return {name: known[name]}


def _told(mart: str, module: ModuleType, table: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    rows, wanted = _wanted(mart, module, table, asked)
    return lines(mart, module.SCHEMA, rows, wanted)


def _wanted(mart: str, module: ModuleType, table: pl.DataFrame, asked: Asked) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows and figures of a mart that are asked for, else its headline ones, else all."""
    headline = HEADLINES.get(mart)
    wanted = asked.columns
    for column in wanted:
        if column not in figures(module.SCHEMA):
            raise unknown(f"figure of {mart}", column, figures(module.SCHEMA))
    if asked.where is not None:
        table = rows_where(table, asked.where, f"marts.{mart}")
    elif headline:
        table = headline.rows(table)
    return table, wanted or (headline.figures if headline else figures(module.SCHEMA))


def rows_where(table: pl.DataFrame, where: str, name: str = "the mart") -> pl.DataFrame:
    """The rows of a table that a condition of DuckDB SQL holds for. Raises QueryError where it is no condition."""
    connection = duckdb.connect(config=query.WITHOUT_EXTENSIONS)
    connection.register("mart", table.with_row_index("__row__").to_arrow())
    query.lock(connection)
    rows = connection.table("mart")
    kept = condition.rows_that(connection, rows, where, name)
    try:
        numbers = kept.project("__row__").fetchall()
    except duckdb.Error as error:
        raise condition.refused(where, error, rows, name) from error
    return table[sorted(number for (number,) in numbers)]


def _points(grids: Sequence[str], known: dict[str, pl.Schema]) -> Iterator[tuple[dict[str, float], list[Override]]]:
    """Every combination of the grids' values: the values by key, and the overrides that set them."""
    axes = [_axis(text) for text in grids]
    count = 1
    for _, values in axes:
        count *= len(values)
    if count > MAX_POINTS:
        raise ScenarioError(f"the grid has {count} points; {MAX_POINTS} at most.")
    for combination in itertools.product(*[values for _, values in axes]):
        chosen = {key: value for (key, _), value in zip(axes, combination, strict=True)}
        yield chosen, [override(key, repr(value), known, reason="grid") for key, value in chosen.items()]


def _axis(text: str) -> tuple[str, list[float]]:
    key, equals, span = text.rpartition("=")
    try:
        first, last, step = (float(part) for part in span.split(":"))
    except ValueError:
        equals = ""
        first = last = step = 0.0
    if not equals or not key or step <= 0 or last < first:
        raise ScenarioError(f"--grid {text!r}: write target=lo:hi:step, such as professional.utilisation=0.4:0.9:0.1.")
    steps = int((last - first) / step + 1e-9)
    return key, [round(first + n * step, 12) for n in range(steps + 1)]
