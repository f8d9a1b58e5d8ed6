"""Figures of mart rows as distributions: the trace of the mart's own code gives the sum, simulation draws it.

A leaf is a cell of core: where two steps use one cell, both use one draw. An aggregate (a headline's median over
providers) is a leaf with the ends the mart gives it: cheapest and dearest provider.

Not here: drawing (pipelines/economics/simulation.py), tracing (pipelines/economics/trace.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType

import polars as pl

from pipelines.economics.simulation import Call, Graph, Leaf, Simulated, simulate
from pipelines.economics.trace import HOW, tracing
from pipelines.explain.tree import Tree, tree
from pipelines.mart_kit.assumed import Core
from pipelines.mart_kit.traced_core import traced
from pipelines.scenarios.errors import ScenarioError

MAX_FIGURES = 24
DISTRIBUTION = pl.Schema(
    {
        "mart": pl.String,
        "key": pl.String,
        "column": pl.String,
        "base": pl.Float64,
        "low": pl.Float64,
        "p10": pl.Float64,
        "p50": pl.Float64,
        "p90": pl.Float64,
        "high": pl.Float64,
        "mean": pl.Float64,
        "deviation": pl.Float64,
        "driver": pl.String,
        "variance_share_pct": pl.Float64,
        "unit": pl.String,
    }
)
INTERACTION = "(interaction)"
NOTHING = "(nothing varies)"


def graph_of(of: Tree) -> tuple[Graph, str, dict[str, str]]:
    """The tree as a graph of leaves and calls, the id of its root, and the names its leaves are used under."""
    nodes: dict[str, Leaf | Call] = {}
    done: dict[int, str] = {}
    names: dict[str, str] = {}

    def visit(node: Tree) -> str:
        if id(node) in done:
            return done[id(node)]
        if node.formula is not None and node.operands:
            operands = tuple(visit(operand) for operand in node.operands)
            name = f"{node.name}#{len(nodes)}"
            nodes[name] = Call(node.formula, operands)
        else:
            name = _leaf_id(node)
            nodes.setdefault(name, _leaf(node, name))
            names.setdefault(name, node.name)
        done[id(node)] = name
        return name

    root = visit(of)
    return nodes, root, names


def _leaf_id(node: Tree) -> str:
    """Which leaf it is: its cell, or the aggregate of its members."""
    members = ", ".join(sorted(member.key for member in node.operands))
    return f"{node.aggregate} of {members}" if node.aggregate else node.key


def _leaf(node: Tree, name: str) -> Leaf:
    value = float("nan") if node.value is None else node.value
    low = value if node.low is None else min(node.low, value)
    high = value if node.high is None else max(node.high, value)
    return Leaf(name, value, low, high)


def distributions(
    mart: str,
    module: ModuleType,
    core: Core,
    rows: pl.DataFrame,
    figures: Sequence[str],
    *,
    draws: int,
    seed: int,
    shape: str = "triangular",
) -> pl.DataFrame:
    """Each figure of each row: low, quantiles, high, and a line per driver with its share of the variance.

    `core` has the scenario's values. `rows` are rows of the mart built on it, with a text column `key`. Raises
    ScenarioError where they are more than can be drawn at a terminal.
    """
    if rows.height * len(figures) > MAX_FIGURES:
        raise ScenarioError(
            f"{rows.height} rows of {len(figures)} figures are too many to draw; at most {MAX_FIGURES} in all. "
            "Narrow with --mart, --where and --column."
        )
    with tracing() as trace:
        table: pl.DataFrame = module.build(traced(core, trace))
    keys = list(module.SCHEMA.key)
    wanted = rows.select("key", *keys).join(table, on=keys, how="left", nulls_equal=True, maintain_order="left")
    units = {column.name: column.unit for column in module.SCHEMA.columns}
    told = []
    for row in wanted.iter_rows(named=True):
        for figure in figures:
            if row[figure] is None:
                continue
            ends = row.get(f"{figure}_low"), row.get(f"{figure}_high")
            graph, root, names = graph_of(tree(trace, row.get(HOW + figure), figure, row[figure], *ends))
            (made,) = simulate(graph, [root], draws=draws, seed=seed, shape=shape)
            told += _told(mart, row["key"], figure, units[figure], made, names)
    return pl.DataFrame(told, schema=DISTRIBUTION, orient="row")


def _told(
    mart: str, key: str, figure: str, unit: str | None, made: Simulated, names: Mapping[str, str]
) -> list[dict[str, object]]:
    p10, p50, p90 = (made.quantiles[q] for q in (0.1, 0.5, 0.9))
    whole = {
        "mart": mart,
        "key": key,
        "column": figure,
        "base": made.base,
        "low": made.low,
        "p10": p10,
        "p50": p50,
        "p90": p90,
        "high": made.high,
        "mean": made.mean,
        "deviation": made.deviation,
        "unit": unit,
    }
    if made.interaction is None:
        return [{**whole, "driver": NOTHING, "variance_share_pct": None}]
    drivers = [(names[leaf], share) for leaf, share in made.shares.items()] + [(INTERACTION, made.interaction)]
    return [{**whole, "driver": name, "variance_share_pct": 100.0 * share} for name, share in drivers]
