"""Rows of a user's own file under a family's contract, as its mapping says.

The payload carries in its metadata the mapping it was loaded with and the day of its load, so that it can be read
again as it was meant; its rows are dated one by one, so the payload as a whole vouches for no day. Nothing is dropped:
a file row that gives no contract row is one row with a parse_error. A file row that is unpivoted gives several rows of
the same row_number.

Not here: reading the file (sources/tabular.py), checking the mapping (sources/mapping.py), storing (pipelines).
"""

from __future__ import annotations

import datetime as dt
import importlib
import re
from collections.abc import Iterator, Mapping

import polars as pl

from sources import tabular
from sources.contract import Contract
from sources.errors import SourceError
from sources.mapping import PROVENANCE, FileMapping, check_file
from sources.payload import Payload
from sources.registry import SourceSpec

# Families that files load into. What tells two of a source's figures apart besides the day is the contract's item; the
# rest of its columns is the figure.
FAMILIES = ("gpu_rental", "token_prices", "colo_rates", "power_prices")


def figure_columns(family: str) -> list[str]:
    """The columns of a family that are neither its item nor who knew it when."""
    return [c for c in contract_of(family).dtypes if c not in contract_of(family).item and c not in PROVENANCE]


def contract_of(family: str) -> Contract:
    """The contract of a family's observations."""
    contract: Contract = importlib.import_module(f"sources.{family}.contract").CONTRACTS["observation"]
    return contract


def payload(
    source_id: str, name: str, content: bytes, family: str, mapping: FileMapping, part: str | None, day: dt.date
) -> Payload:
    """A file in hand as a payload of one source. `name` is the file's own, without its folder."""
    about = {
        "family": family,
        "mapping": mapping.model_dump_json(),
        "loaded_on": day.isoformat(),
    }
    return Payload(
        source_id=source_id,
        origin=name,
        content=content,
        media_type="application/octet-stream",
        metadata={**about, "part": part} if part is not None else about,
    )


def fetch_offline(spec: SourceSpec) -> Iterator[Payload]:
    """Nothing: what was loaded lies in landing, and there is nobody to ask."""
    return iter(())


def parse(payload: Payload) -> pl.DataFrame:
    """Contract rows with their file's row numbers. Raises SourceError or MappingError where the file does not fit."""
    family = payload.metadata["family"]
    mapping = FileMapping.model_validate_json(payload.metadata["mapping"])
    table = tabular.read(payload.content, payload.origin, mapping.file)
    check_file(mapping, table.columns, payload.origin)
    day = dt.date.fromisoformat(payload.metadata["loaded_on"])
    return rows(table, payload.origin, mapping, family, payload.metadata.get("part"), day)


def parts(table: tabular.Table, mapping: FileMapping) -> list[str]:
    """The values of the mapping's split_by column, in order; a row without one belongs to `unspecified`."""
    assert mapping.split_by is not None
    return sorted(table.frame.select(_part(mapping.split_by)).to_series().unique().to_list())


def _part(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String).str.strip_chars()
    return pl.when(text != "").then(text).otherwise(pl.lit("unspecified"))


def rows(
    table: tabular.Table, name: str, mapping: FileMapping, family: str, part: str | None, day: dt.date
) -> pl.DataFrame:
    """Contract rows of one part of a table (or of all of it), loaded on `day` from a file of that name."""
    contract = contract_of(family)
    frame = table.frame
    if part is not None:
        assert mapping.split_by is not None
        frame = frame.filter(_part(mapping.split_by) == part)
    empty = pl.lit("") if not mapping.file.empty else pl.lit(list(mapping.file.empty), dtype=pl.List(pl.String))
    texts = [c for c in table.columns if frame.schema[c] == pl.String]
    blank = [pl.when(~pl.col(c).str.strip_chars().is_in(empty)).then(pl.col(c)) for c in texts]
    frame = frame.with_columns(blank)
    mapped = _unpivoted(frame, mapping, contract) if mapping.unpivot else _mapped(frame, mapping, contract)
    mapped = _typed(mapped, mapping, contract)
    mapped = _provenance(mapped, name, mapping, contract, family, part, day)
    mapped = mapped.with_columns(parse_error=pl.coalesce("parse_error", *_impossible(mapping, day)))
    return _twice(mapped, family, mapping.shape)


def _mapped(
    frame: pl.DataFrame, mapping: FileMapping, contract: Contract, sets: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """The contract's columns out of the file's, constants and value tables; `sets` are an unpivoted column's own."""
    made = []
    for column, file_column in mapping.columns.items():
        value = pl.col(file_column)
        if column in mapping.values:
            value = value.cast(pl.String).str.strip_chars().replace(mapping.values[column])
        made.append(value.alias(column))
    constants = {**mapping.constants, **(sets or {})}
    made += [pl.lit(value, dtype=pl.String).alias(column) for column, value in constants.items()]
    return frame.select(
        pl.col(tabular.ROW).cast(pl.Int64).alias("row_number"), pl.col(tabular.ERROR).alias("parse_error"), *made
    )


def _unpivoted(frame: pl.DataFrame, mapping: FileMapping, contract: Contract) -> pl.DataFrame:
    """One row for each price column that is filled; a file row that fills none is one row that says so."""
    unpivot = mapping.unpivot
    assert unpivot is not None
    readable = frame.filter(pl.col(tabular.ERROR).is_null())
    pieces = []
    names = list(unpivot.columns)
    for place, (file_column, sets) in enumerate(unpivot.columns.items()):
        priced = readable.filter(pl.col(file_column).is_not_null())
        if unpivot.take == "first":
            priced = priced.filter(pl.all_horizontal(pl.lit(True), *[pl.col(c).is_null() for c in names[:place]]))
        single = mapping.model_copy(update={"columns": {**mapping.columns, unpivot.into: file_column}})
        pieces.append(_mapped(priced, single, contract, sets).with_columns(place=pl.lit(place)))
    none = pl.all_horizontal(pl.col(names).is_null())
    message = pl.lit(f"no price in any of: {', '.join(names)}")
    rest = frame.filter(none | pl.col(tabular.ERROR).is_not_null())
    rest = rest.with_columns(pl.col(tabular.ERROR).fill_null(message))
    pieces.append(_mapped(rest, mapping, contract).with_columns(place=pl.lit(0)))
    together = pl.concat(pieces, how="diagonal_relaxed")
    return together.sort("row_number", "place", maintain_order=True).drop("place")


def _typed(frame: pl.DataFrame, mapping: FileMapping, contract: Contract) -> pl.DataFrame:
    """Numbers and dates as the contract reads them. What cannot be read stays as written: the contract will say so."""
    made = []
    for column, want in contract.dtypes.items():
        if column not in frame.columns:
            continue
        have, value = frame.schema[column], pl.col(column)
        if want == pl.Date:
            made.append(_date(value, have, mapping).alias(column))
        elif have == pl.String and want.is_numeric():
            made.append(_number(value, mapping).alias(column))
        elif have != pl.String and not (want.is_numeric() and have.is_numeric()) and have != want:
            made.append(value.cast(pl.String).alias(column))
    return frame.with_columns(made)


def _number(value: pl.Expr, mapping: FileMapping) -> pl.Expr:
    form = mapping.file
    text = value.str.replace_all("[\u00a0\u202f]", " ")  # Excel's own blanks between thousands
    for mark in form.strip:
        text = text.str.replace_all(mark, "", literal=True)
    text = text.str.strip_chars()
    point, group = re.escape(form.decimal), re.escape(form.thousands or "")
    whole = rf"([1-9]\d{{0,2}}({group}\d{{3}})+|\d+)" if form.thousands else r"\d+"
    written = text.str.contains(rf"^[+-]?({whole}({point}\d*)?|{point}\d+)([eE][+-]?\d+)?$")
    plain = text.str.replace_all(form.thousands, "", literal=True) if form.thousands else text
    plain = plain.str.replace(form.decimal, ".", literal=True)
    # A number in another notation than the file's must not slip through as a thousand times something.
    other = pl.format(f"{{}} (decimal sign is {form.decimal})", value)
    is_number = value.str.strip_chars().cast(pl.Float64, strict=False).is_not_null()
    return pl.when(written).then(plain).when(is_number).then(other).otherwise(value)


def _date(value: pl.Expr, have: pl.DataType, mapping: FileMapping) -> pl.Expr:
    if have == pl.Date:
        return value
    if isinstance(have, pl.Datetime):
        return (value.dt.convert_time_zone("UTC") if have.time_zone else value).dt.date()
    text = value.cast(pl.String).str.strip_chars()
    # The day of a time stamp written out: 2026-08-22T10:00:00Z.
    text = pl.when(text.str.contains(r"^\d{4}-\d\d-\d\d[T ]\d\d")).then(text.str.slice(0, 10)).otherwise(text)
    read = [text.str.to_date(form, strict=False) for form in mapping.file.dates]
    return pl.coalesce(*[day.dt.to_string("%Y-%m-%d") for day in read], text)


def _provenance(
    frame: pl.DataFrame,
    name: str,
    mapping: FileMapping,
    contract: Contract,
    family: str,
    part: str | None,
    day: dt.date,
) -> pl.DataFrame:
    """Who says it and since when it is known, where the file does not say."""
    facts = mapping.facts_of(part)
    today = pl.lit(day.isoformat())
    given = set(frame.columns)
    fills: dict[str, pl.Expr] = {"known_basis": pl.lit(facts.known_basis), "grade": pl.lit(facts.grade)}
    fills["observation_count"] = pl.lit("1")
    fills["citation"] = pl.lit(facts.citation or name)
    fills["note"] = pl.lit(None, dtype=pl.String)
    spell = family == "power_prices"
    fills["valid_from"] = pl.col("interval_start").cast(pl.String) if spell else today
    fills["valid_to"] = pl.col("interval_end").cast(pl.String) if spell else pl.lit(None, dtype=pl.String)
    frame = frame.with_columns(
        pl.col(c).cast(pl.String).fill_null(e).alias(c) if c in given else e.alias(c)
        for c, e in fills.items()
        if c not in given or c in ("citation", "grade", "known_basis", "observation_count")
    )
    start = pl.col("valid_from").cast(pl.String)
    seen = pl.when("valid_from" in given and start <= today).then(start).otherwise(today)
    known = start if facts.known_basis == "first_seen" else today
    late = {"known_from": known, "last_observed": start if mapping.shape == "snapshots" else seen}
    frame = frame.with_columns(e.alias(c) for c, e in late.items() if c not in given)
    nulls = [pl.lit(None, dtype=pl.String).alias(c) for c in contract.dtypes if c not in frame.columns]
    return frame.with_columns(nulls).select("row_number", "parse_error", *contract.dtypes)


def _impossible(mapping: FileMapping, day: dt.date) -> list[pl.Expr]:
    """Days that have not come when the file was loaded: nobody knew, or looked, tomorrow."""
    columns = ["known_from", "last_observed"] + (["valid_from"] if mapping.shape == "snapshots" else [])
    told: list[pl.Expr] = []
    for column in columns:
        text = pl.col(column).cast(pl.String)
        later = text.str.contains(r"^\d{4}-\d\d-\d\d$") & (text > day.isoformat())
        told.append(pl.when(later).then(pl.format(f"{column} {{}} lies after the load ({day})", text)))
    return told


def _twice(frame: pl.DataFrame, family: str, shape: str) -> pl.DataFrame:
    """A figure said twice is taken once; two figures for one item on one day are none: both are rejected."""
    item = [
        pl.col(c).cast(pl.String).str.strip_chars().str.to_lowercase().fill_null("") for c in contract_of(family).item
    ]
    days = ["valid_from"] if shape == "snapshots" else ["valid_from", "known_from"]
    keys = pl.concat_str([*item, *[pl.col(d).cast(pl.String).fill_null("") for d in days]], separator="\x1f")
    said = [pl.col(c).cast(pl.String).fill_null("") for c in [*figure_columns(family), "valid_to"]]
    hashed = frame.select(
        "row_number",
        pl.int_range(pl.len()).alias("place"),
        keys.hash().alias("item"),
        pl.concat_str(said, separator="\x1f").hash().alias("said"),
        pl.col("parse_error").is_null().alias("readable"),
    )
    judged = (
        hashed.filter("readable")
        .with_columns(
            figures=pl.col("said").n_unique().over("item"),
            first_row=pl.col("row_number").first().over("item"),
            other_row=pl.col("row_number").filter(pl.col("said") != pl.col("said").first()).first().over("item"),
            is_first=pl.int_range(pl.len()).over("item") == 0,
        )
        .filter((pl.col("figures") > 1) | ~pl.col("is_first"))
    )
    told = judged.select(
        "place",
        pl.when(pl.col("figures") > 1)
        .then(pl.format("two figures for one item on one day (rows {} and {})", "first_row", "other_row"))
        .otherwise(pl.format("repeats row {}", "first_row"))
        .alias("twice"),
    )
    marked = frame.with_columns(pl.int_range(pl.len()).alias("place")).join(told, on="place", how="left")
    return marked.sort("place").with_columns(parse_error=pl.coalesce("parse_error", "twice")).drop("place", "twice")


def slug(text: str) -> str:
    """A text as part of a source's id. Raises SourceError where nothing of it can be."""
    made = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    if not made:
        raise SourceError(text, "no letter or digit in it can name a source.", "Map it with other words.")
    return made
