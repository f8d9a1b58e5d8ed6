"""What the period column holds, in the order of time.

Read are dates (2024-01-31), months (2024-01, 2024M01), quarters (2024-Q1), times (2024-01-31T06:00) and whole numbers
(years, 202401, a counter); one kind in one file. Rows may stand in any order. Two spellings of a period are one.

Not here: which periods are compared (economics/index_numbers).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import polars as pl

from pipelines.panels.own_table.table import ROW, IndexTableError, Table

Parsed = tuple[int | dt.datetime, str]
"""What orders a period, and how it is printed."""


def _day(match: re.Match[str]) -> Parsed:
    day = dt.datetime.fromisoformat(match.group())
    return day, day.date().isoformat()


def _month(match: re.Match[str]) -> Parsed:
    year, month = int(match[1]), int(match[2])
    if not 1 <= month <= 12:
        raise ValueError(f"month {month}")
    return year * 12 + month - 1, f"{year:04d}-{month:02d}"


def _quarter(match: re.Match[str]) -> Parsed:
    return int(match[1]) * 4 + int(match[2]) - 1, f"{match[1]}-Q{match[2]}"


def _number(match: re.Match[str]) -> Parsed:
    return int(match[1]), str(int(match[1]))


def _time(match: re.Match[str]) -> Parsed:
    moment = dt.datetime.fromisoformat(match.group())
    if moment.tzinfo is not None:
        moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
    midnight = moment.time() == dt.time()
    return moment, moment.date().isoformat() if midnight else moment.isoformat()


KINDS: dict[str, tuple[re.Pattern[str], Callable[[re.Match[str]], Parsed]]] = {
    "date": (re.compile(r"\d{4}-\d{2}-\d{2}"), _day),
    "month": (re.compile(r"(\d{4})[-M](\d{1,2})"), _month),
    "quarter": (re.compile(r"(\d{4})-?Q([1-4])"), _quarter),
    "number": (re.compile(r"([+-]?\d+)(?:\.0+)?"), _number),
    "time": (re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*"), _time),
}
STEP_NAMES = {"month": "months", "quarter": "quarters"}


def parse(text: str) -> tuple[str, Parsed] | None:
    """The kind of a period and its value; None where it is of no kind that is read."""
    for kind, (pattern, make) in KINDS.items():
        match = pattern.fullmatch(text)
        if match:
            try:
                return kind, make(match)
            except ValueError:
                return None
    return None


def ordered(table: Table, column: str) -> tuple[pl.DataFrame, list[str], list[str]]:
    """The frame with `t`, the place of its period from 0; the periods as printed, in order; and notes.

    Raises IndexTableError on a value that is no period, and on two kinds in one column.
    """
    values = table.frame["period"]
    if isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone:
        values = values.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    texts = values.cast(pl.String)
    first = table.frame.select(ROW, texts.alias("text")).unique("text", keep="first", maintain_order=True)
    found: dict[str, tuple[str, Parsed]] = {}
    for row, text in first.iter_rows():
        parsed = parse(text)
        if parsed is None:
            raise IndexTableError(
                f"{table.name}, row {row}: {column} {text!r} is no period. Write dates (2024-01-31), months (2024-01), "
                "quarters (2024-Q1) or whole numbers."
            )
        found[text] = parsed
        kind = next(iter(found.values()))[0]
        if parsed[0] != kind:
            raise IndexTableError(
                f"{table.name}, row {row}: {column} {text!r} is a {parsed[0]}, row {first[ROW][0]} has the {kind} "
                f"{first['text'][0]!r}. Write all periods in one way."
            )
    kind = next(iter(found.values()))[0]
    distinct = sorted({parsed for _, parsed in found.values()}, key=lambda parsed: parsed[0])
    place = {parsed[0]: number for number, parsed in enumerate(distinct)}
    keys = pl.Series([place[parsed[0]] for _, parsed in found.values()], dtype=pl.Int64)
    t = texts.replace_strict(pl.Series(list(found), dtype=pl.String), keys, return_dtype=pl.Int64)
    notes = []
    if kind in STEP_NAMES:
        span = int(distinct[-1][0]) - int(distinct[0][0]) + 1  # type: ignore[arg-type]
        if span > len(distinct):
            notes.append(
                f"{span - len(distinct)} {STEP_NAMES[kind]} between {distinct[0][1]} and {distinct[-1][1]} have no "
                "price at all: windows and links count the periods there are"
            )
    return table.frame.with_columns(t.alias("t")), [label for _, label in distinct], notes
