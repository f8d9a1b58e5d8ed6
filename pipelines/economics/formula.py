"""Formulas by name: a function's NAME is the column it makes, its PARAMETERS are the columns it needs.

`compute` adds named figures to a frame, with every intermediate figure they stand on. Where an operand is a
range (`<operand>_low`, `<operand>_high` stand beside it), the figure becomes one too: its low and high are the
smallest and largest value of the formula over all corners of its operands. That is exact for a formula that is
monotone in each operand, and outward (never too narrow) along a chain of formulas that share an operand.

Not here: the formulas themselves (one module per subject beside this one), frames, marts.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

import polars as pl

from pipelines.economics.trace import current

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
MAX_RANGED_OPERANDS = 8


@dataclass(frozen=True)
class Formula:
    """One formula: the figure it makes, its operands, unit, source and the expression behind it."""

    figure: str
    operands: tuple[str, ...]
    unit: str
    source: str
    meaning: str
    build: Callable[..., pl.Expr]

    def __call__(self, *operands: pl.Expr, **named: pl.Expr) -> pl.Expr:
        """The expression over the given operands: a formula is used like the plain function it was written as."""
        return self.build(*operands, **named)


def formula(*, unit: str, source: str) -> Callable[[Callable[..., pl.Expr]], Formula]:
    """Register a function of polars expressions as a formula. Unit in pint syntax; source as a citation."""

    def register(build: Callable[..., pl.Expr]) -> Formula:
        return Formula(
            figure=build.__name__,
            operands=tuple(inspect.signature(build).parameters),
            unit=unit,
            source=source,
            meaning=inspect.getdoc(build) or "",
            build=build,
        )

    return register


class UnknownFigure(KeyError):
    """A figure is asked for that no formula makes and no column holds."""


def formulas_in(modules: Iterable[ModuleType]) -> dict[str, Formula]:
    """Every formula the modules define. Raises ValueError where two modules define one figure differently."""
    found: dict[str, Formula] = {}
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, Formula):
                if value.figure in found and found[value.figure] is not value:
                    raise ValueError(f"two formulas make {value.figure}: one figure has one formula")
                found[value.figure] = value
    return found


def resolve(figures: Sequence[str], have: Iterable[str], known: dict[str, Formula]) -> list[Formula]:
    """The formulas to apply, operands first. A column the frame already holds is an observation and wins.

    Raises UnknownFigure naming the chain that asked for what nobody makes, and ValueError on a circle.
    """
    have = set(have)
    ordered: dict[str, Formula] = {}

    def visit(figure: str, chain: tuple[str, ...]) -> None:
        if figure in have or figure in ordered:
            return
        if figure in chain:
            raise ValueError(f"circular formulas: {' -> '.join([*chain, figure])}")
        if figure not in known:
            wanted = f" (wanted by {' -> '.join(chain)})" if chain else ""
            raise UnknownFigure(f"no column and no formula named {figure}{wanted}")
        for operand in known[figure].operands:
            visit(operand, (*chain, figure))
        ordered[figure] = known[figure]

    for figure in figures:
        visit(figure, ())
    return list(ordered.values())


def compute(frame: Frame, figures: Sequence[str], *, modules: Iterable[ModuleType]) -> Frame:
    """The frame with the figures added, each intermediate beside them, ranges carried as `_low` and `_high`.

    Under tracing (trace.py) each figure gets a `__how__` column that refers to the step it was made in.
    """
    columns = set(frame.collect_schema().names())
    trace = current()
    for step in resolve(figures, columns, formulas_in(modules)):
        ranged = [o for o in step.operands if {f"{o}_low", f"{o}_high"} <= columns]
        added = [step.build(*map(pl.col, step.operands)).alias(step.figure)]
        if ranged:
            corners = list(_corners(step, ranged))
            added.append(pl.min_horizontal(corners).alias(f"{step.figure}_low"))
            added.append(pl.max_horizontal(corners).alias(f"{step.figure}_high"))
        frame = frame.with_columns(added)
        columns.update(e.meta.output_name() for e in added)
        if trace is not None:
            frame = trace.record(frame, step)
    return frame


def _corners(step: Formula, ranged: Sequence[str]) -> Iterable[pl.Expr]:
    if len(ranged) > MAX_RANGED_OPERANDS:
        raise ValueError(f"{step.figure} has {len(ranged)} operands with ranges; at most {MAX_RANGED_OPERANDS}")
    for ends in itertools.product(("_low", "_high"), repeat=len(ranged)):
        end = dict(zip(ranged, ends, strict=True))
        # An end that is null in this row means "no range here": the base value stands in for it.
        yield step.build(*[pl.coalesce(o + end[o], o) if o in end else pl.col(o) for o in step.operands])
