"""The tree of one figure: formulas over operands, down to cells of core tables and values a mart sets itself.

`tree` reads a reference of a trace (pipelines/economics/trace.py); `leaves` lists what it stands on; `evaluate`
computes it again from the leaves, with any of them replaced, one value or many at a time.

Not here: what stands behind a cell (facts.py), printing.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from pipelines.economics.formula import Formula
from pipelines.economics.trace import HOW, Trace

Value = float | None


@dataclass(frozen=True)
class Tree:
    """A value with its name, and what it is made of: by exactly one of `formula`, `aggregate`, `cell` and `rule`.

    `formula` is applied to `operands` by their names; `aggregate` (such as median) to all of them; `cell` is table, row
    and column of a core table as the trace holds it; `rule` says why a mart sets the value. With none of these
    nobody said where the value comes from. A mean has `weights`. What is no formula and no plain aggregate (a price
    index) brings `apply`: given what evaluates a tree, the figure; `aggregate` then says in words what it does, and
    `span` gives its ends as `apply` gives the figure.
    """

    name: str
    value: Value
    low: Value = None
    high: Value = None
    formula: Formula | None = None
    aggregate: str | None = None
    cell: tuple[str, int, str] | None = None
    rule: str | None = None
    operands: tuple[Tree, ...] = field(default=())
    weights: tuple[float, ...] = field(default=())
    apply: Callable[[Callable[[Tree], pl.Series]], pl.Series] | None = None
    span: Callable[[Callable[[Tree], tuple[float, ...]]], tuple[float, ...]] | None = None

    @property
    def key(self) -> str:
        """What tells a leaf from others: the same cell is one leaf wherever it is used."""
        return json.dumps(self.cell) if self.cell else f"{self.name}={self.value!r}"


def tree(trace: Trace, reference: str | None, name: str, value: Value, low: Value = None, high: Value = None) -> Tree:
    """The tree behind a reference, whose value and ends are given as the frame that held it had them."""
    return _Reader(trace).read(None if reference is None else json.loads(reference), name, value, low, high)


def leaves(of: Tree) -> dict[str, Tree]:
    """Every leaf by its key, in the order the tree names them. A leaf used twice is one leaf."""
    found: dict[str, Tree] = {}
    for node in walk(of):
        if not node.operands:
            found.setdefault(node.key, node)
    return found


def walk(of: Tree) -> Iterator[Tree]:
    """The tree and everything below it, operands after the figure they make."""
    yield of
    for operand in of.operands:
        yield from walk(operand)


def evaluate(of: Tree, given: Mapping[str, pl.Series | Value] | None = None) -> pl.Series:
    """The figure computed again from its leaves: each as it is, or as `given` under its key, as a series of draws.

    Series must have one length. Without `given` the result has one row.
    """
    return _Evaluator(given or {}).series(of)


def ends(of: Tree) -> tuple[float, ...]:
    """Low and high of the tree, computed again from the ends of its leaves by the corners of each formula."""
    if of.span is not None:
        return of.span(ends)
    if of.formula is None:
        base = math.nan if of.value is None else of.value
        return (base if of.low is None else of.low, base if of.high is None else of.high)
    spans = [ends(operand) for operand in of.operands]
    corners = pl.DataFrame(
        list(itertools.product(*[sorted(set(span)) for span in spans])),
        schema={operand.name: pl.Float64 for operand in of.operands},
        orient="row",
    ).fill_nan(None)
    made = corners.select(of.formula.build(*map(pl.col, of.formula.operands)).cast(pl.Float64).alias(HOW))[HOW]
    return (made.min(), made.max())  # type: ignore[return-value]


class _Reader:
    """References to trees. Steps that many figures share are read once."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def read(self, reference: Any, name: str, value: Value, low: Value, high: Value) -> Tree:
        if isinstance(reference, int):
            return self._step(reference, name, value, low, high)
        if isinstance(reference, list):
            table, row, column = reference
            return Tree(name, value, low, high, cell=(table, row, column))
        if isinstance(reference, dict) and "agg" in reference:
            members = tuple(self._member(member, name) for member in reference["of"])
            weights = tuple(reference.get("weights", ()))
            return Tree(name, value, low, high, aggregate=reference["agg"], operands=members, weights=weights)
        if isinstance(reference, dict) and "per" in reference:
            return self._scaled(reference, name, value, low, high)
        if isinstance(reference, dict) and "end" in reference:
            return self._end(reference, name, value)
        if isinstance(reference, dict) and "rule" in reference:
            return Tree(name, value, low, high, rule=reference["rule"])
        return Tree(name, value, low, high)

    def _step(self, number: int, name: str, value: Value, low: Value, high: Value) -> Tree:
        formula, row = self.trace.step(number)
        operands = []
        for operand in formula.operands:
            reference = row.get(HOW + operand)
            ends = row.get(f"{operand}_low"), row.get(f"{operand}_high")
            operands.append(self.read(reference and json.loads(reference), operand, row[operand], *ends))
        return Tree(name, value, low, high, formula=formula, operands=tuple(operands))

    def _scaled(self, reference: Mapping[str, Any], name: str, value: Value, low: Value, high: Value) -> Tree:
        of, factor = self._member(reference["of"], name), float(reference["per"])
        return Tree(
            name,
            value,
            low,
            high,
            aggregate=f"in the unit of the print, divided by {factor:,.12g}: one",
            operands=(of,),
            apply=lambda evaluate: evaluate(of) / factor,
            span=lambda ends: tuple(sorted(end / factor for end in ends(of))),
        )

    def _end(self, reference: Mapping[str, Any], name: str, value: Value) -> Tree:
        of, which = self._member(reference["of"], name), ("low", "high").index(reference["end"])
        return Tree(
            name,
            value,
            aggregate=f"{reference['end']} end of one",
            operands=(of,),
            apply=lambda evaluate: evaluate(of) * 0.0 + ends(of)[which],
        )

    def _member(self, reference: Any, name: str) -> Tree:
        """One member of an aggregate: its value is in what it refers to."""
        if isinstance(reference, int):
            formula, row = self.trace.step(reference)
            figure = formula.figure
            return self._step(reference, figure, row[figure], row.get(f"{figure}_low"), row.get(f"{figure}_high"))
        if isinstance(reference, list):
            table, row_number, column = reference
            values = self.trace.core[table].row(row_number, named=True)
            low, high = values.get(f"{column}_low"), values.get(f"{column}_high")
            return self.read(reference, column, values[column], low, high)
        made = self.read(reference, name, None, None, None)
        if not made.operands:
            return made
        low, high = ends(made)
        return replace(made, value=evaluate(made)[0], low=low, high=high)


class _Evaluator:
    """Trees to series, each node once."""

    def __init__(self, given: Mapping[str, pl.Series | Value]) -> None:
        self.given = given
        lengths = {value.len() for value in given.values() if isinstance(value, pl.Series)}
        if len(lengths) > 1:
            raise ValueError(f"draws of different lengths: {sorted(lengths)}")
        self.length = lengths.pop() if lengths else 1
        self.done: dict[int, pl.Series] = {}

    def series(self, of: Tree) -> pl.Series:
        if id(of) not in self.done:
            self.done[id(of)] = self._made(of).cast(pl.Float64).alias(of.name)
        return self.done[id(of)]

    def _made(self, of: Tree) -> pl.Series:
        if of.apply is not None:
            return of.apply(self.series)
        if not of.operands:
            value = self.given.get(of.key, of.value)
            if isinstance(value, pl.Series):
                return value
            return pl.Series([value], dtype=pl.Float64).new_from_index(0, self.length)
        columns = [self.series(operand) for operand in of.operands]
        if of.formula is not None:
            frame = pl.DataFrame({operand.name: column for operand, column in zip(of.operands, columns, strict=True)})
            made = of.formula.build(*map(pl.col, of.formula.operands))
            return frame.with_columns(made.alias(HOW))[HOW]
        return _aggregate(str(of.aggregate), columns, of.weights)


def _aggregate(how: str, columns: list[pl.Series], weights: tuple[float, ...]) -> pl.Series:
    """The aggregate over the columns, row by row."""
    if weights:
        return sum((c * w for c, w in zip(columns, weights, strict=True)), start=0.0 * columns[0]) / sum(weights)
    frame = pl.DataFrame({str(place): column for place, column in enumerate(columns)})
    listed = frame.select(pl.concat_list(pl.all()).alias("all"))["all"]
    return getattr(listed.list, how)()  # type: ignore[no-any-return]
