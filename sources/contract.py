"""Contract machinery: a family's rows as a pandera model whose fields carry their units.

A contract checks payload rows one by one: a row that breaks a rule is kept as a rejection with its reasons,
and never stops the others. Units and descriptions live on the fields, once; dbt and the docs read them here.

Not here: the families' own contracts (sources/<family>/contract.py), names, conversions, plausibility against
history (staging's).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandera.errors
import pandera.polars as pa
import polars as pl

from sources.errors import SourceError

KNOWN_BASES = ("published", "first_seen", "loaded")
GRADES = ("A", "B", "C")


def field(*, unit: str | None, description: str, is_later: bool = False, **checks: Any) -> Any:
    """A contract field: pandera's Field with a unit (pint syntax, null for labels) and a description.

    `is_later`: the contract did not have it from the start. It is part of a row's id only where it is stated, so that
    rows recorded before keep theirs.
    """
    return pa.Field(metadata={"unit": unit, "is_later": is_later}, description=description, **checks)


class Observation(pa.DataFrameModel):
    """What every observation states beside its own keys and figure: when it held, when it was known, who says so."""

    valid_from: dt.date = field(unit=None, description="First day the figure held in the world.")
    valid_to: dt.date = field(unit=None, description="First day it held no longer; null while in force.", nullable=True)
    known_from: dt.date = field(unit=None, description="First day the figure was known.")
    known_basis: str = field(unit=None, description="How known_from is known.", isin=KNOWN_BASES)
    last_observed: dt.date = field(unit=None, description="Last day somebody looked and saw this figure.")
    observation_count: int = field(unit="count", description="How often it was seen.", ge=1)
    grade: str = field(unit=None, description="A publisher's own, B names the publisher, C estimate.", isin=GRADES)
    citation: str = field(unit=None, description="Address, or document:line.", str_length={"min_value": 3})
    note: str = field(unit=None, description="Anything a reader must know.", nullable=True)

    class Config:
        """Strict: a column nobody declared is an error, not a passenger."""

        strict = True

    # pandera forgets a check's `name` after the first subclass: the method's own name is the rule's.
    @pa.dataframe_check
    def valid_from_before_valid_to(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """A figure holds for at least a day."""
        holds = pl.col("valid_to").is_null() | (pl.col("valid_from") < pl.col("valid_to"))
        return data.lazyframe.select(holds)


class Capture(pa.DataFrameModel):
    """A day on which somebody looked at a group of items: the calendar behind change-only histories."""

    capture_group: str = field(unit=None, description="Whose items were looked at.", str_length={"min_value": 1})
    capture_date: dt.date = field(unit=None, description="The day of the capture.")
    citation: str = field(unit=None, description="Address of the capture.", str_length={"min_value": 3})

    class Config:
        """Strict, as every contract."""

        strict = True


# Rows that broke a rule: one line each, the first failure in columns of its own, all of them in `all_failures`.
REJECTION_SCHEMA: dict[str, pl.DataType] = {
    "row_number": pl.Int64(),
    "field": pl.String(),
    "rule": pl.String(),
    "value": pl.String(),
    "failure_count": pl.Int64(),
    "all_failures": pl.String(),
    "row_json": pl.String(),
}


@dataclass(frozen=True)
class Validation:
    """Accepted rows (typed, with row_number) and rejected rows; their heights add up to `received`."""

    received: int
    accepted: pl.DataFrame
    rejected: pl.DataFrame


UTC_TIME = pl.Datetime("us", "UTC")

_CAST_RULE = "must be "
_PLACE = "\0place"  # a row's place among those judged together; a name no column can have
_REJECTED = {name: dtype for name, dtype in REJECTION_SCHEMA.items() if name != "row_number"}
_CASTS: dict[pl.DataType, str] = {
    pl.Date(): "a date like 2026-08-22",
    UTC_TIME: "a time with its offset like 2026-08-22T14:00:00Z",
    pl.Float64(): "a finite number",
    pl.Int64(): "a whole number",
    pl.Boolean(): "true or false",
}


def _cast(column: str, have: pl.DataType, want: pl.DataType) -> pl.Expr:
    value = pl.col(column)
    if want == UTC_TIME and have != want:
        return _instant(value, have)
    if have == want and want != pl.String:
        return _finite(value) if want == pl.Float64 else value
    if have == pl.String:
        text = value.str.strip_chars()
        text = pl.when(text == "").then(None).otherwise(text)
        if want == pl.Date:
            return text.str.to_date("%Y-%m-%d", strict=False)
        if want == pl.Boolean:
            lowered = text.str.to_lowercase()
            return pl.when(lowered.is_in(["true", "yes"])).then(True).when(lowered.is_in(["false", "no"])).then(False)
        if want == pl.String:
            return text
        number = text.cast(want, strict=False)
        return _finite(number) if want == pl.Float64 else number
    return value.cast(want, strict=False)


def _instant(value: pl.Expr, have: pl.DataType) -> pl.Expr:
    """A moment in UTC. A time without its offset could be any of several moments: it becomes null, never a guess."""
    if have == pl.String:
        return value.str.strip_chars().str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", time_unit="us", strict=False)
    if isinstance(have, pl.Datetime) and have.time_zone is not None:
        return value.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    return pl.lit(None, dtype=UTC_TIME)


def _unreadable(raw: pl.DataFrame) -> pl.DataFrame:
    if "parse_error" not in raw.columns:
        return _failure_frame(pl.Series([], dtype=pl.Int64), "", "", None)
    rows = raw.filter(pl.col("parse_error").is_not_null())
    return pl.DataFrame({_PLACE: rows[_PLACE].cast(pl.Int64), "rule": rows["parse_error"]}).select(
        _PLACE, pl.lit("row").alias("field"), "rule", pl.lit(None, dtype=pl.String).alias("value")
    )


def _instance(dtype: pl.DataType | type[pl.DataType]) -> pl.DataType:
    return dtype() if isinstance(dtype, type) else dtype


def _finite(number: pl.Expr) -> pl.Expr:
    """NaN and infinity are no figures: they become null, which the field's own rules then judge."""
    return pl.when(number.is_finite()).then(number)


@dataclass(frozen=True)
class Unit:
    """How a publisher's unit of a price becomes the family's: price * multiply_by / divide_by, in unit `to`.

    `commitment` limits the rule to prices of that commitment: a price for a whole term is divided by the term's hours.
    """

    name: str
    to: str
    multiply_by: float = 1.0
    divide_by: float = 1.0
    commitment: str | None = None


class Contract:
    """One family's rules for a kind of row: columns, types, units, checks; and what a row is about.

    `item`: the columns that tell one thing from another; `figure`: those whose change is a change of it; `units`: how
    its price units are converted. Staging, loading and the lists of connectors read them here and nowhere else.

    >>> from sources.gpu_rental.contract import CONTRACTS
    >>> CONTRACTS["observation"].units["price"]
    """

    def __init__(
        self,
        model: type[pa.DataFrameModel],
        item: tuple[str, ...] = (),
        figure: tuple[str, ...] = (),
        price_units: tuple[Unit, ...] = (),
    ) -> None:
        self.model = model
        self.item, self.figure, self.price_units = item, figure, price_units
        self.schema = model.to_schema()
        self.dtypes: dict[str, pl.DataType] = {
            name: _instance(column.dtype.type) for name, column in self.schema.columns.items()
        }
        self.units: dict[str, str | None] = {
            name: (column.metadata or {}).get("unit") for name, column in self.schema.columns.items()
        }
        self.later = tuple(
            name for name, column in self.schema.columns.items() if (column.metadata or {}).get("is_later")
        )
        self.descriptions: dict[str, str | None] = {
            name: column.description for name, column in self.schema.columns.items()
        }
        if strange := [name for name in (*item, *figure) if name not in self.dtypes]:
            raise ValueError(f"{model.__name__} has no column {', '.join(strange)}: item and figure name its columns.")

    def empty(self) -> pl.DataFrame:
        """A frame of no rows in the accepted shape."""
        return pl.DataFrame(schema={"row_number": pl.Int64, **self.dtypes})

    def validate(self, raw: pl.DataFrame, source_id: str) -> Validation:
        """Check every row. `raw` holds the contract's columns, as text or typed; missing nullable columns are null.

        A publisher's `parse` may add `row_number` (else rows are counted from 1) and `parse_error`: a text where
        the row itself could not be read; such a row is rejected with that text.

        Raises SourceError where the payload's shape as a whole is wrong: a required column is missing, or a
        column stands there that the contract does not know.
        """
        nullable = {name for name, column in self.schema.columns.items() if column.nullable}
        unknown = [c for c in raw.columns if c not in self.dtypes and c not in ("row_number", "parse_error")]
        missing = [c for c in self.dtypes if c not in raw.columns and c not in nullable]
        if unknown or missing:
            raise SourceError(
                source_id,
                f"columns do not match the contract (missing: {missing or 'none'}; unknown: {unknown or 'none'}).",
                f"Expected: {', '.join(self.dtypes)}.",
            )
        if "row_number" not in raw.columns:
            raw = raw.with_row_index("row_number", offset=1)
        # Rows that come from one row of a file share its number, so the place of a row names it here.
        places = raw.select(pl.int_range(pl.len()).alias(_PLACE), pl.col("row_number").cast(pl.Int64))
        raw = raw.drop("row_number").with_row_index(_PLACE).with_columns(pl.col(_PLACE).cast(pl.Int64))
        unreadable = _unreadable(raw)
        raw = raw.with_columns(
            *[pl.lit(None, dtype=t).alias(c) for c, t in self.dtypes.items() if c not in raw.columns],
        ).select(_PLACE, *self.dtypes)
        typed = raw.select(_PLACE, *[_cast(c, raw.schema[c], t).alias(c) for c, t in self.dtypes.items()])
        readable = typed.join(unreadable, on=_PLACE, how="anti", maintain_order="left")
        failed = pl.concat([unreadable, self._uncastable(raw, typed), self._broken_rules(readable)])
        rejected = _numbered(self._rejections(raw, failed), places)
        accepted = _numbered(typed.join(rejected, on=_PLACE, how="anti", maintain_order="left"), places)
        return Validation(received=raw.height, accepted=accepted.drop(_PLACE), rejected=rejected.drop(_PLACE))

    def _uncastable(self, raw: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
        parts = []
        for name, want in self.dtypes.items():
            if raw.schema[name] == want or raw.schema[name] != pl.String:
                continue
            had = (raw[name].str.strip_chars() != "").fill_null(False)
            bad = had & typed[name].is_null()
            if bad.any():
                rows = raw.filter(bad)
                rule = _CAST_RULE + _CASTS.get(want, str(want))
                parts.append(_failure_frame(rows[_PLACE], name, rule, rows[name]))
        return pl.concat(parts) if parts else _failure_frame(pl.Series([], dtype=pl.Int64), "", "", None)

    def _broken_rules(self, typed: pl.DataFrame) -> pl.DataFrame:
        bare = typed.drop(_PLACE)
        try:
            self.schema.validate(bare, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            cases = errors.failure_cases.filter(pl.col("index").is_not_null())
            numbers = typed[_PLACE].gather(cases["index"].cast(pl.UInt32))
            return pl.DataFrame(
                {
                    _PLACE: numbers,
                    "field": cases["column"].cast(pl.String),
                    "rule": cases["check"].cast(pl.String),
                    "value": cases["failure_case"].cast(pl.String),
                    "context": cases["schema_context"].cast(pl.String),
                }
            ).select(
                _PLACE,
                pl.when(pl.col("context") == "Column").then("field").otherwise(pl.lit("row")).alias("field"),
                "rule",
                pl.when(pl.col("context") == "Column").then("value").alias("value"),
            )
        return _failure_frame(pl.Series([], dtype=pl.Int64), "", "", None)

    def _rejections(self, raw: pl.DataFrame, failed: pl.DataFrame) -> pl.DataFrame:
        if not failed.height:
            return pl.DataFrame(schema={**_REJECTED, _PLACE: pl.Int64()})
        # A value that is no number or date was nulled by the cast: say that once, not "is null" as well.
        cast_failures = failed.filter(pl.col("rule").str.starts_with(_CAST_RULE)).select(_PLACE, "field")
        echoes = failed.filter(pl.col("rule") == "not_nullable").join(cast_failures, on=[_PLACE, "field"])
        failed = failed.join(
            echoes.select(_PLACE, "field", "rule"),
            on=[_PLACE, "field", "rule"],
            how="anti",
            maintain_order="left",
        )
        line = pl.format("{}: {} (value: {})", "field", "rule", pl.col("value").fill_null("empty"))
        summary = (
            failed.unique([_PLACE, "field", "rule"], keep="first", maintain_order=True)
            .with_columns(line.alias("line"))
            .group_by(_PLACE, maintain_order=True)
            .agg(
                pl.col("field").first(),
                pl.col("rule").first(),
                pl.col("value").first(),
                pl.len().cast(pl.Int64).alias("failure_count"),
                pl.col("line").str.join("; ").alias("all_failures"),
            )
        )
        original = raw.join(summary, on=_PLACE, how="semi").select(
            _PLACE, pl.struct(pl.exclude(_PLACE)).struct.json_encode().alias("row_json")
        )
        return summary.join(original, on=_PLACE, how="left").sort(_PLACE)


def _failure_frame(numbers: pl.Series, name: str, rule: str, values: pl.Series | None) -> pl.DataFrame:
    text = values.cast(pl.String) if values is not None else pl.Series([], dtype=pl.String)
    return pl.DataFrame({_PLACE: numbers, "value": text}).select(
        pl.col(_PLACE).cast(pl.Int64),
        pl.lit(name).alias("field"),
        pl.lit(rule).alias("rule"),
        pl.col("value"),
    )


def _numbered(frame: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Rows with the number their payload gives them, in front."""
    numbered = frame.join(places, on=_PLACE, how="left", maintain_order="left")
    return numbered.select("row_number", pl.exclude("row_number"))


CAPTURE = Contract(Capture)
