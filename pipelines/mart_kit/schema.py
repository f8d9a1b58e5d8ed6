"""How a mart declares its table: primary key, columns with unit and description, and what must hold of them.

A declaration is data: the wiring reads it to write table comments and checks, the pages to describe columns.
A figure's unit and meaning come from its formula, so that no second description can drift from the first.

Not here: any mart, any formula, and where a table is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from pipelines.economics.formula import Formula
from pipelines.economics.trace import HOW, current

Kind = Literal["answer", "panel", "audit"]
"""answer: people query it; panel: what answers are made of; audit: how we know."""

PROBLEM_SCHEMA = {"rule": pl.String, "column": pl.String, "failing_rows": pl.Int64, "example": pl.String}


class MartError(ValueError):
    """A mart's rows do not have the shape its schema declares: a mistake in the mart, never in the data."""


@dataclass(frozen=True)
class Column:
    """One column: name, type, unit (pint syntax, null for labels and dates), meaning, and the limits of its values.

    `enumerated` columns hold only values that core.enumeration lists under the column's name.
    `minimum` and `maximum` are inclusive and say what is possible, not what is plausible. In an `unbounded` column
    an infinite value means "never" and is stored as null; anywhere else it is a mistake.
    """

    name: str
    dtype: pl.DataType
    unit: str | None
    description: str
    nullable: bool = False
    enumerated: bool = False
    minimum: float | None = None
    maximum: float | None = None
    unbounded: bool = False

    def conformed(self) -> pl.Expr:
        """The column in its type, with "never" as null."""
        value = pl.col(self.name).cast(self.dtype)
        return pl.when(value.is_finite() | value.is_nan()).then(value).alias(self.name) if self.unbounded else value


@dataclass(frozen=True)
class Rule:
    """One thing that must hold in every row: its name, the rows that break it, and what it means if they do."""

    name: str
    broken: pl.Expr
    meaning: str


@dataclass(frozen=True)
class Schema:
    """A mart's table. `description`'s first line is its grain; `key` columns are unique together and never null."""

    table: str
    kind: Kind
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = field(default=())

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the order of the table."""
        return tuple(column.name for column in self.columns)

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The declared columns alone, in order, in their types, sorted by the key. Raises MartError when one lacks.

        Sorting by a unique key makes the table the same, byte for byte, however it was computed. Under tracing the
        references of the declared columns stay beside them.
        """
        missing = [name for name in self.names if name not in frame.columns]
        if missing:
            raise MartError(f"marts.{self.table}: columns declared but not made: {', '.join(missing)}")
        return frame.select(*[c.conformed() for c in self.columns], *_references(self, frame)).sort(self.key)

    def empty(self) -> pl.DataFrame:
        """The table without rows."""
        return pl.DataFrame(schema={c.name: c.dtype for c in self.columns})

    def problems(self, table: pl.DataFrame, enumeration: pl.DataFrame | None = None) -> pl.DataFrame:
        """What does not hold, one row per broken rule: rule, column, failing_rows, example (a failing key).

        `enumeration` is core.enumeration; without it the enumerated columns are not checked.
        """
        found = [*self._shape_problems(table)]
        if found:
            return pl.DataFrame(found, schema=PROBLEM_SCHEMA, orient="row")
        duplicated = table.filter(pl.struct(self.key).is_duplicated())
        tests: list[tuple[str, str, pl.DataFrame]] = [("key_unique", ", ".join(self.key), duplicated)]
        for column in self.columns:
            tests += [(rule, column.name, table.filter(broken)) for rule, broken in self._column_rules(column)]
            if column.enumerated and enumeration is not None:
                listed = enumeration.filter(pl.col("column_name") == column.name)["value"]
                unlisted = pl.col(column.name).is_not_null() & ~pl.col(column.name).is_in(listed.implode())
                tests.append(("listed_in_enumeration", column.name, table.filter(unlisted)))
        tests += [("low_base_high", base, table.filter(broken)) for base, broken in self._range_rules()]
        tests += [(rule.name, rule.meaning, table.filter(rule.broken)) for rule in self.rules]
        rows = [(rule, name, bad.height, self._example(bad)) for rule, name, bad in tests if bad.height]
        return pl.DataFrame(rows, schema=PROBLEM_SCHEMA, orient="row")

    def _shape_problems(self, table: pl.DataFrame) -> Iterable[tuple[str, str, int, str]]:
        have = dict(table.schema)
        for column in self.columns:
            if column.name not in have:
                yield ("column_present", column.name, table.height, "absent")
            elif have[column.name] != column.dtype:
                yield ("column_type", column.name, table.height, f"{have[column.name]}, not {column.dtype}")
        for name in have:
            if name not in self.names:
                yield ("column_declared", name, table.height, "not in the schema")

    def _column_rules(self, column: Column) -> Iterable[tuple[str, pl.Expr]]:
        value = pl.col(column.name)
        if not column.nullable or column.name in self.key:
            yield "not_null", value.is_null()
        if column.dtype.is_float():
            yield "finite", value.is_not_null() & ~value.is_finite()
        if column.minimum is not None:
            yield f"at_least_{column.minimum:g}", value < column.minimum
        if column.maximum is not None:
            yield f"at_most_{column.maximum:g}", value > column.maximum

    def _range_rules(self) -> Iterable[tuple[str, pl.Expr]]:
        for base in self.names:
            if f"{base}_low" in self.names and f"{base}_high" in self.names:
                # A billionth of slack: the corners and the base are different roundings of one sum.
                slack = pl.col(base).abs() * 1e-9 + 1e-9
                below = pl.col(base) < pl.col(f"{base}_low") - slack
                above = pl.col(base) > pl.col(f"{base}_high") + slack
                yield base, below | above

    def _example(self, bad: pl.DataFrame) -> str:
        first = bad.select(self.key).row(0, named=True)
        return ", ".join(f"{name}={value}" for name, value in first.items())


def _references(schema: Schema, frame: pl.DataFrame) -> list[str]:
    return [HOW + name for name in schema.names if HOW + name in frame.columns] if current() else []


def label(name: str, description: str, *, enumerated: bool = False, nullable: bool = False) -> Column:
    """A text column."""
    return Column(name, pl.String(), None, description, nullable=nullable, enumerated=enumerated)


def day(name: str, description: str, *, nullable: bool = False) -> Column:
    """A date column."""
    return Column(name, pl.Date(), None, description, nullable=nullable)


def flag(name: str, description: str, *, nullable: bool = False) -> Column:
    """A yes-or-no column."""
    return Column(name, pl.Boolean(), None, description, nullable=nullable)


def count(name: str, description: str, *, unit: str = "count", nullable: bool = False) -> Column:
    """A whole number that is never negative."""
    return Column(name, pl.Int64(), unit, description, nullable=nullable, minimum=0)


def number(
    name: str,
    unit: str,
    description: str,
    *,
    nullable: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
) -> Column:
    """A measured column: an input of the mart, or a figure no formula makes."""
    return Column(name, pl.Float64(), unit, description, nullable=nullable, minimum=minimum, maximum=maximum)


def ranged(base: Column) -> tuple[Column, Column, Column]:
    """The column with its low and its high behind it. The ends are null where no range is known."""

    def end(suffix: str, which: str) -> Column:
        name, text = f"{base.name}_{suffix}", f"{which} end of {base.name}."
        return replace(base, name=name, description=text, nullable=True)

    return base, end("low", "Low"), end("high", "High")


def figure(
    formulas: Mapping[str, Formula],
    name: str,
    *,
    nullable: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
    unbounded: bool = False,
) -> Column:
    """A column a formula makes: unit, meaning and source are the formula's own. Raises MartError if there is none."""
    if name not in formulas:
        raise MartError(f"no formula makes {name}")
    made = formulas[name]
    text = f"{' '.join(made.meaning.split())} Operands: {', '.join(made.operands)}. Source: {made.source}."
    return Column(
        name,
        pl.Float64(),
        made.unit,
        text,
        nullable=nullable or unbounded,
        minimum=minimum,
        maximum=maximum,
        unbounded=unbounded,
    )


def columns(*parts: Column | Sequence[Column]) -> tuple[Column, ...]:
    """The parts in a row, ranges unfolded. Raises MartError when a name stands twice."""
    flat: list[Column] = []
    for part in parts:
        flat.extend([part] if isinstance(part, Column) else part)
    names = [column.name for column in flat]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise MartError(f"columns declared twice: {', '.join(twice)}")
    return tuple(flat)
