"""Columns with their companions: `_low`, `_high`, and under tracing the reference that says where a value comes from.

A mart that selects, renames or aggregates values with these loses none of them; without tracing the references are
not there and nothing else changes. See pipelines/economics/trace.py for what a reference is.

Not here: formulas, any choice of rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal, TypeVar

import polars as pl

from pipelines.economics.trace import ENDS, HOW, current

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
Aggregate = Literal["median", "mean", "min", "max", "sum", "first", "last"]


def carry(*names: str, ends: bool = True) -> list[pl.Expr]:
    """The columns, each followed by those of its companions that exist; without `_low` and `_high` if not `ends`."""
    return aliased({name: name for name in names}, ends=ends)


def aliased(names: Mapping[str, str], *, ends: bool = True) -> list[pl.Expr]:
    """The columns under new names, companions renamed with them: `aliased({"old": "new"})`. For `select`."""
    made: list[pl.Expr] = []
    for old, new in names.items():
        made.append(pl.col(old).alias(new))
        made += [pl.col(f"^{old}{end}$").name.map(_to(new + end)) for end in ENDS[1:] if ends]
        made += [pl.col(f"^{HOW}{old}$").name.map(_to(HOW + new))] if current() else []
    return made


def _to(name: str):  # type: ignore[no-untyped-def]  # polars' own callable type is private
    return lambda _: name


def renamed(frame: Frame, names: Mapping[str, str]) -> Frame:
    """The frame with columns renamed, companions with them."""
    have = set(frame.collect_schema().names())
    pairs = {old + end: new + end for old, new in names.items() for end in ENDS}
    pairs |= {HOW + old: HOW + new for old, new in names.items()}
    # A reference of the name that is taken over would speak of another value.
    stale = [HOW + new for new in names.values() if HOW + new in have and HOW + new not in pairs]
    return frame.drop(stale).rename({old: new for old, new in pairs.items() if old in have})


def dropped(frame: Frame, *names: str) -> Frame:
    """The frame without the columns and their companions."""
    have = set(frame.collect_schema().names())
    unwanted = [name + end for name in names for end in ENDS] + [HOW + name for name in names]
    return frame.drop([name for name in unwanted if name in have])


def aggregated(how: Aggregate, name: str, to: str | None = None) -> list[pl.Expr]:
    """An aggregate of a column as `to` (else its own name), with the reference that lists its members. For `agg`.

    Low and high of the members are not carried: say which of them the ends are, such as
    `pl.col("x").min().alias("x_low")`.
    """
    value: pl.Expr = getattr(pl.col(name), how)().alias(to or name)
    return [value, members(how, name, to or name)] if current() else [value]


def members(how: Aggregate, name: str, to: str) -> pl.Expr:
    """The reference of an aggregate, for `agg` under tracing."""
    known = pl.col(HOW + name).filter(pl.col(name).is_not_null()).drop_nulls()
    start = json.dumps({"agg": how})[:-1] + ', "of": ['
    return pl.concat_str(pl.lit(start), known.str.join(", "), pl.lit("]}")).alias(HOW + to)


def weighted_members(name: str, weight: str) -> list[pl.Expr]:
    """The reference of a mean weighted by another column, for `agg`; the mean itself is the caller's."""
    if not current():
        return []
    counted = (pl.col(weight) > 0) & pl.col(HOW + name).is_not_null()
    weights = pl.col(weight).filter(counted).cast(pl.String).str.join(", ")
    of = pl.col(HOW + name).filter(counted).str.join(", ")
    parts = (pl.lit('{"agg": "mean", "weights": ['), weights, pl.lit('], "of": ['), of, pl.lit("]}"))
    return [pl.concat_str(*parts).alias(HOW + name)]


def ruled(name: str, value: float | None, why: str) -> list[pl.Expr]:
    """A value the mart sets itself, as a column, and under tracing the reason. For `with_columns`."""
    return [pl.lit(value, dtype=pl.Float64).alias(name), *because(name, why)]


def because(name: str, why: str) -> list[pl.Expr]:
    """The reason alone, for a column that an expression of the mart's choices has set."""
    return [pl.lit(json.dumps({"rule": why})).alias(HOW + name)] if current() else []
