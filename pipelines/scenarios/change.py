"""How an input changes: `0.6` sets it, `x1.5` multiplies, `+0.02` and `-0.02` add, `fall:10:3` lets a price fall.

Three figures with slashes are low, base and high: `0.5/0.6/0.7`, `x1.2/1.5/2`. Setting one figure makes of the input's
range a point; multiplying or adding one moves its low and high along. `fall:F:Y` multiplies by the mean, over Y years,
of a price that falls by a factor F a year.

Not here: which input.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import polars as pl

from pipelines.scenarios.errors import ScenarioError

_NUMBER = r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+"
_FORM = re.compile(rf"^(x|\+|-)?({_NUMBER})(?:/({_NUMBER})/({_NUMBER}))?$")
_FALL = re.compile(rf"^fall:({_NUMBER}):({_NUMBER})$")
_HELP = "write 0.6 to set it, x1.5 to multiply, +0.02 or -0.02 to add, low/base/high for a range, or fall:10:3"


@dataclass(frozen=True)
class Change:
    """A parsed change. `kind` is set, times or plus; low and high are equal to base where no range is given."""

    kind: str
    low: float
    base: float
    high: float

    def of(self, column: str, ends: bool) -> list[pl.Expr]:
        """The changed column, and its `_low` and `_high` where the table has them (`ends`)."""
        changed = [self._by(pl.col(column), self.base).alias(column)]
        if not ends:
            return changed
        for end, by in (("_low", self.low), ("_high", self.high)):
            # A single figure moves the ends there are and makes none; a range makes them.
            moved = pl.col(column + end) if self.low == self.high else pl.coalesce(column + end, column)
            changed.append(self._by(moved, by).alias(column + end))
        return changed

    def _by(self, value: pl.Expr, by: float) -> pl.Expr:
        if self.kind == "set":
            return pl.when(value.is_not_null()).then(pl.lit(by, dtype=pl.Float64))
        return value * by if self.kind == "times" else value + by


def parsed(text: str) -> Change:
    """The change a text states. Raises ScenarioError for a text that states none."""
    text = str(text).strip()
    fall = _FALL.match(text)
    if fall:
        return _fall(float(fall[1]), float(fall[2]))
    form = _FORM.match(text)
    if not form:
        raise ScenarioError(f"{text!r} is no change; {_HELP}.")
    sign, first, second, third = form.groups()
    kind = {"x": "times", "+": "plus", "-": "plus", None: "set"}[sign]
    by = [float(number) * (-1.0 if sign == "-" else 1.0) for number in ((first, second, third) if second else (first,))]
    low, base, high = by if len(by) == 3 else (by[0], by[0], by[0])
    if not low <= base <= high:
        raise ScenarioError(f"{text!r}: low, base and high must not fall.")
    return Change(kind, low, base, high)


def _fall(times: float, years: float) -> Change:
    """Multiply by (1 - f^-y) / (y ln f): the mean of f^-t over t from 0 to y."""
    if times <= 1.0 or years <= 0.0:
        raise ScenarioError("fall:F:Y wants a factor above 1 a year and years above 0, such as fall:10:3.")
    mean = (1.0 - times**-years) / (years * math.log(times))
    return Change("times", mean, mean, mean)
