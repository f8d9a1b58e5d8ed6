"""Figures added to a frame by their names: `compute(frame, ("gross_margin_pct",))` finds what it stands on itself.

Where an operand is a range (`<operand>_low`, `<operand>_high` stand beside it), the figure becomes one too: its low
and high are the smallest and largest value of the formula over all corners of its operands. That is exact for a
formula that is monotone in each operand, and outward (never too narrow) along a chain of formulas that share an
operand.

Not here: what a formula is and where formulas are found (formula.py), any formula, marts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar

import polars as pl

from pipelines.economics.formula import PROFESSIONAL, Formula, every_formula, formulas
from pipelines.economics.trace import current

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
MAX_RANGED_OPERANDS = 8


class UnknownFigure(KeyError):
    """A figure is asked for that no formula makes and no column holds."""

    def __str__(self) -> str:
        return str(self.args[0])


def compute(
    frame: Frame, figures: Sequence[str], reading: str = PROFESSIONAL, *, only: Iterable[Formula] | None = None
) -> Frame:
    """The frame with the figures added, each intermediate beside them, ranges carried as `_low` and `_high`.

    `reading` chooses between the forms of a figure that has two. `only` takes the given formulas instead of those the
    subject folders hold. Under tracing (trace.py) each figure gets a `__how__` column that refers to the step it was
    made in.
    """
    columns = set(frame.collect_schema().names())
    trace = current()
    for step in resolve(figures, columns, known(reading, only)):
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


def known(reading: str = PROFESSIONAL, only: Iterable[Formula] | None = None) -> Mapping[str, Formula]:
    """The formulas a computation may use, by figure: the given ones, or all of the reading."""
    return formulas(reading) if only is None else {one.figure: one for one in only}


def resolve(figures: Sequence[str], have: Iterable[str], known: Mapping[str, Formula]) -> list[Formula]:
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
            raise UnknownFigure(_unknown(figure, chain, known))
        for operand in known[figure].operands:
            visit(operand, (*chain, figure))
        ordered[figure] = known[figure]

    for figure in figures:
        visit(figure, ())
    return list(ordered.values())


def _unknown(figure: str, chain: Sequence[str], known: Mapping[str, Formula]) -> str:
    """What is missing, who wanted it, what has a name like it, and the file a formula for it belongs in."""
    wanted = f" (wanted by {' -> '.join(chain)})" if chain else ""
    text = f"no column and no formula named {figure}{wanted}."
    other = next((one for one in every_formula() if one.figure == figure), None)
    if other:
        alone = f"for the reading {other.reading} alone" if other.reading else "and `only` leaves it out"
        return f"{text} {other.file} has it, {alone}."
    near = get_close_matches(figure, known, n=3)
    if near:
        text += f" Similar: {', '.join(f'{name} ({known[name].file})' for name in near)}."
    # A formula belongs next to the one that wants it, else next to the one it is named like.
    beside = known[chain[-1]] if chain else known[near[0]] if near else None
    place = f"{beside.file}, next to {beside.figure}" if beside else "the file of its subject in pipelines/economics/"
    return f"{text} Give the frame a column of that name, or write `def {figure}(...)` with @formula in {place}."


def _corners(step: Formula, ranged: Sequence[str]) -> Iterable[pl.Expr]:
    if len(ranged) > MAX_RANGED_OPERANDS:
        raise ValueError(f"{step.figure} has {len(ranged)} operands with ranges; at most {MAX_RANGED_OPERANDS}")
    for ends in itertools.product(("_low", "_high"), repeat=len(ranged)):
        end = dict(zip(ranged, ends, strict=True))
        # An end that is null in this row means "no range here": the base value stands in for it.
        yield step.build(*[pl.coalesce(o + end[o], o) if o in end else pl.col(o) for o in step.operands])
