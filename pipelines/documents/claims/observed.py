"""References to what the warehouse knows: `table.column[key=value;key=one|other]`, the newest day, every row that fits.

Where a table has no as-of day, the rows in force count. Rows that were recorded from the documents themselves are left
out: a document does not confirm itself.

Not here: which claims refer to what (sources/claims/curated).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.economics.trace import HOW, current
from pipelines.mart_kit.schema import MartError

OF_DOCUMENTS = "document"
SCHEMA = {
    "observed": pl.String,
    "value": pl.Float64,
    "value_low": pl.Float64,
    "value_high": pl.Float64,
    "observed_on": pl.Date,
    "rows": pl.Int64,
}
_FORM = re.compile(r"^(?:core\.)?(?P<table>(?:marts\.)?\w+)\.(?P<column>\w+)(?:\[(?P<keys>[^\]]*)\])?$")


@dataclass(frozen=True)
class Reference:
    """A column of a table and the values its key columns must have."""

    table: str
    column: str
    keys: tuple[tuple[str, tuple[str, ...]], ...]


def parse(text: str) -> Reference:
    """The reference a text stands for. Raises MartError where it has not the form."""
    form = _FORM.match(text)
    if form is None:
        raise MartError(f"{text!r} is no reference of the form table.column[key=value;...]")
    keys = []
    for part in filter(None, (form["keys"] or "").split(";")):
        name, equals, values = part.partition("=")
        if not equals:
            raise MartError(f"{text!r}: {part!r} is no key=value")
        keys.append((name.strip(), tuple(values.split("|"))))
    return Reference(form["table"], form["column"], tuple(keys))


def observed(tables: Mapping[str, pl.DataFrame], references: Iterable[str]) -> pl.DataFrame:
    """One row per reference (SCHEMA): median, lowest and highest value, the day they hold for, how many rows fit.

    Under tracing each median has its reference, the list of its cells. A reference no row fits has nulls. Raises
    MartError where it names a table or column that is not there.
    """
    rows = [(text, *_looked_up(tables, text, parse(text))) for text in dict.fromkeys(references)]
    schema = {**SCHEMA, HOW + "value": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").drop([] if current() else HOW + "value")


def _looked_up(tables: Mapping[str, pl.DataFrame], text: str, reference: Reference) -> tuple[object, ...]:
    table = tables.get(reference.table)
    if table is None:
        raise MartError(f"{text!r}: claims cannot be compared with {reference.table}; see TABLES in claim_check.py")
    absent = [name for name in (reference.column, *dict(reference.keys)) if name not in table.columns]
    if absent:
        raise MartError(f"{text!r}: {reference.table} has no column {', '.join(absent)}")
    fitting = table.filter(
        pl.col(reference.column).is_not_null(),
        *[pl.col(name).cast(pl.String).is_in(list(values)) for name, values in reference.keys],
    )
    if "source_id" in table.columns:
        fitting = fitting.filter(~pl.col("source_id").str.contains(OF_DOCUMENTS, literal=True))
    newest, day = _newest(table, fitting)
    value = newest[reference.column].cast(pl.Float64)
    on = newest[day].max() if day else None
    return value.median(), value.min(), value.max(), on, newest.height, _cells(newest, reference.column)


def _cells(rows: pl.DataFrame, column: str) -> str | None:
    """The reference of the median of these rows, under tracing."""
    if HOW + column not in rows.columns or rows.is_empty():
        return None
    known = [json.loads(text) for text in rows[HOW + column].drop_nulls()]
    return json.dumps({"agg": "median", "of": known} if len(known) > 1 else known[0]) if known else None


def _newest(table: pl.DataFrame, fitting: pl.DataFrame) -> tuple[pl.DataFrame, str | None]:
    """Of the rows that fit those of the newest day, or in force; and the column that dates them."""
    if "as_of_date" in table.columns:
        return fitting.filter(pl.col("as_of_date") == table["as_of_date"].max()), "as_of_date"
    ends = [name for name in ("valid_to", "known_to") if name in table.columns]
    dated = next((name for name in ("last_observed", "valid_from") if name in table.columns), None)
    return fitting.filter(*[pl.col(name).is_null() for name in ends]), dated
