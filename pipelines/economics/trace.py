"""Where figures come from, written down while they are computed: `tracing()` around the code that makes a mart.

While it is on, every value column may have a text column `__how__<column>` beside it, a reference in JSON to what the
value is made of:

- `17`: step 17 of the trace, one formula applied to one row of operands;
- `["headline_rate", 4, "price_usd_per_gpu_hour"]`: a cell of a core table, by row number in `Trace.core`;
- `{"agg": "median", "of": [...]}`: an aggregate of other references;
- `{"rule": "why"}`: a value the mart sets itself, and why;
- null: nobody said.

References are short and pass through joins and concatenations like any other column; what they refer to stays in the
trace. While it is off there is none of this, at no cost.

Not here: the trees made of it (pipelines/explain), the core tables' references (pipelines/mart_kit/traced_core.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

import polars as pl

from pipelines.economics.formula import Formula

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
HOW = "__how__"
ENDS = ("", "_low", "_high")


@dataclass(frozen=True)
class Step:
    """One formula over many rows: row i of `frame` is step `first + i` of the trace."""

    formula: Formula
    first: int
    frame: pl.DataFrame


@dataclass
class Trace:
    """Everything written down under one `tracing()`: formula steps, and the core tables that references point into."""

    core: dict[str, pl.DataFrame] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    size: int = 0

    def record(self, frame: Frame, formula: Formula) -> Frame:
        """The frame with the reference of the figure that was just added to it. A lazy frame is computed for that."""
        made = frame.collect() if isinstance(frame, pl.LazyFrame) else frame
        names = [formula.figure, *formula.operands]
        kept = [name + end for name in names for end in ENDS if name + end in made.columns]
        kept += [HOW + name for name in formula.operands if HOW + name in made.columns]
        self.steps.append(Step(formula, self.size, made.select(list(dict.fromkeys(kept)))))
        references = pl.Series(HOW + formula.figure, range(self.size, self.size + made.height), dtype=pl.Int64)
        self.size += made.height
        made = made.with_columns(references.cast(pl.String))
        return made.lazy() if isinstance(frame, pl.LazyFrame) else made  # type: ignore[return-value]

    def step(self, number: int) -> tuple[Formula, Mapping[str, Any]]:
        """The formula of a step and its row: the figure, its operands, their ends and references."""
        for step in self.steps:
            if step.first <= number < step.first + step.frame.height:
                return step.formula, step.frame.row(number - step.first, named=True)
        raise LookupError(f"no step {number} in this trace")


_TRACE: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def tracing() -> Iterator[Trace]:
    """Write down how figures are made, for as long as this lasts."""
    trace = Trace()
    token = _TRACE.set(trace)
    try:
        yield trace
    finally:
        _TRACE.reset(token)


def current() -> Trace | None:
    """The trace that is being written, or None."""
    return _TRACE.get()
