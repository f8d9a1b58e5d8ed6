"""A file of prices: the columns an index needs, as text and numbers with their row.

A row bears the number a spreadsheet shows (the header of a CSV is row 1; Parquet rows count from 1). Rows without a
price are items that were not offered, and are counted; everything else that cannot be read is an error that names the
file, the row, the column and the rule.

Not here: what a period is (periods.py), items by periods (panel.py).
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import polars as pl

from sources.errors import RequestError

ROW = "\0row"  # a name no file column can have
STDIN = "-"
DELIMITERS = ",;\t|"
NOT_PRICED = ("", "na", "nan", "n/a", "null", "none", ".", "-")
EXAMPLES = 3


class IndexTableError(RequestError):
    """The table cannot be used as asked; the text names file, row, column and rule, and what to do."""


@dataclass(frozen=True)
class Columns:
    """The names of the file's columns. `quantity` is None where none is wanted, `features` in the order asked."""

    period: str = "period"
    item: str = "item"
    price: str = "price"
    quantity: str | None = None
    features: tuple[str, ...] = ()

    def named(self) -> tuple[str, ...]:
        """All of them."""
        quantity = () if self.quantity is None else (self.quantity,)
        return (self.period, self.item, self.price, *quantity, *self.features)


@dataclass(frozen=True)
class File:
    """A file as it stands: CSV as text, Parquet with its types. `first_row` numbers its first row of values."""

    raw: pl.DataFrame
    name: str
    first_row: int

    def headers(self) -> str:
        """Its columns, for messages."""
        return ", ".join(self.raw.columns)


@dataclass(frozen=True)
class Table:
    """`frame`: row, item (text), period (as the file has it), price, quantity (NaN where empty), features as f_<name>.

    `name` is the file's for messages; `notes` say what was met on the way.
    """

    frame: pl.DataFrame
    name: str
    notes: tuple[str, ...]

    @property
    def has_quantity(self) -> bool:
        """Whether a quantity column was read."""
        return "quantity" in self.frame.columns


def load(path: str) -> File:
    """The file; `-` reads CSV from standard input. Raises IndexTableError where there is none, or it cannot be read."""
    if path == STDIN:
        return _csv(sys.stdin.buffer.read(), "standard input")
    file = Path(path)
    if not file.exists():
        raise IndexTableError(f"there is no file {path}.")
    if file.is_dir():
        raise IndexTableError(f"{path} is a directory; name one CSV or Parquet file.")
    content = file.read_bytes()
    if content[:4] == b"PAR1" or PurePath(path).suffix.lower() in (".parquet", ".pq"):
        return _parquet(content, file.name)
    return _csv(content, file.name)


def select(file: File, columns: Columns) -> Table:
    """The columns an index needs. Raises IndexTableError on a missing column or a value that is none."""
    raw, name = file.raw, file.name
    missing = [column for column in columns.named() if column not in raw.columns]
    if missing:
        options = {columns.period: "--period-col", columns.item: "--item-col", columns.price: "--price-col"}
        option = options.get(missing[0], "--quantity-col" if missing[0] == columns.quantity else "--features")
        raise IndexTableError(
            f"{name}: no column {missing[0]!r}. It has: {file.headers()}. Say which one is meant with {option}."
        )
    nested = [column for column in columns.named() if raw.schema[column].is_nested()]
    if nested:
        raise IndexTableError(
            f"{name}: column {nested[0]!r} holds {raw.schema[nested[0]]}, and must hold plain values."
        )
    frame = raw.select(list(dict.fromkeys(columns.named()))).with_row_index(ROW, offset=file.first_row)
    given = [columns.period, columns.item, columns.price]
    empty = pl.all_horizontal(pl.col(given).is_null())
    frame = frame.filter(~empty)
    if not frame.height:
        raise IndexTableError(f"{name}: holds no row below its header.")
    notes = []
    prices = _numbers(frame, columns.price, name)
    unpriced = int(prices.is_null().sum())
    if unpriced:
        notes.append(f"{unpriced} of {frame.height} rows have no price: those items count as not offered then")
    parts = [
        frame[ROW],
        _filled(frame, columns.item, name, prices).cast(pl.String).alias("item"),
        _filled(frame, columns.period, name, prices).alias("period"),
        prices.alias("price"),
    ]
    if columns.quantity is not None:
        parts.append(_numbers(frame, columns.quantity, name).alias("quantity"))
    parts += [frame[feature].alias(f"f_{feature}") for feature in columns.features]
    priced = pl.DataFrame(parts).filter(pl.col("price").is_not_null())
    if not priced.height:
        raise IndexTableError(f"{name}: no row has a price in column {columns.price!r}.")
    _positive(priced, name, columns)
    return Table(priced, name, tuple(notes))


def _parquet(content: bytes, name: str) -> File:
    try:
        return File(pl.read_parquet(io.BytesIO(content)), name, first_row=1)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise IndexTableError(f"{name}: is no Parquet file ({error}).") from error


def _csv(content: bytes, name: str) -> File:
    if not content.strip():
        raise IndexTableError(f"{name}: is empty.")
    if content[:4] == b"PK\x03\x04" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise IndexTableError(f"{name}: is a workbook or an archive. Save the sheet as CSV UTF-8.")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16").encode()
    content = content.removeprefix(b"\xef\xbb\xbf")
    header = content.split(b"\n", 1)[0].decode("utf-8", errors="replace")
    delimiter = max(DELIMITERS, key=header.count)
    try:
        raw = pl.read_csv(content, separator=delimiter, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        told = _misfit(content, delimiter)
        raise IndexTableError(f"{name}: {told or f'cannot be read as CSV: {str(error).splitlines()[0]}.'}") from error
    names = [cell.strip() for cell in next(csv.reader([header], delimiter=delimiter), [])]
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        raise IndexTableError(f"{name}: names a column twice: {', '.join(twice)}. Rename one.")
    raw = raw.rename({column: column.strip() for column in raw.columns})
    return File(raw.with_columns(pl.all().str.strip_chars()), name, first_row=2)


def _misfit(content: bytes, delimiter: str) -> str | None:
    """Which row has more fields than the header, or is not UTF-8, and what to do: polars does not say."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        return f"row {row} is not UTF-8. Save it as CSV UTF-8."
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    width = len(next(rows, []))
    for number, cells in enumerate(rows, start=2):
        if len(cells) > width:
            return f"row {number} has {len(cells)} fields where the header has {width}. Quote what holds the delimiter."
    return None


def _numbers(frame: pl.DataFrame, column: str, name: str) -> pl.Series:
    """A column as numbers, null where it says there is none."""
    values = frame[column]
    if values.dtype.is_numeric() or values.dtype.is_decimal():
        return values.cast(pl.Float64).fill_nan(None)
    if values.dtype != pl.String:
        raise IndexTableError(f"{name}: column {column!r} holds {values.dtype}, and must hold numbers.")
    stated = values.str.to_lowercase().is_in(NOT_PRICED).fill_null(True)
    numbers = values.set(stated, None).cast(pl.Float64, strict=False)
    unread = frame.filter(numbers.is_null() & ~stated)
    if unread.height:
        text = unread[column][0]
        hint = "Write decimals with a point and no thousands separators." if "," in text else "Write a plain number."
        raise IndexTableError(
            f"{name}, row {unread[ROW][0]}: {column} {text!r} is no number ({_counted(unread, 'such row')}). {hint}"
        )
    return numbers


def _filled(frame: pl.DataFrame, column: str, name: str, prices: pl.Series) -> pl.Series:
    """A column that every row with a price must fill."""
    values = frame[column]
    blank = values.is_null() | (values == "") if values.dtype == pl.String else values.is_null()
    bad = frame.filter(blank & prices.is_not_null())
    if bad.height:
        raise IndexTableError(f"{name}, row {bad[ROW][0]}: {column} is empty ({_counted(bad, 'such row')}). Fill it.")
    return values


def _positive(priced: pl.DataFrame, name: str, columns: Columns) -> None:
    """Prices above zero; quantities zero or above."""
    rules: Sequence[tuple[str, str, pl.Expr, str]] = [
        (
            "price",
            columns.price,
            ~(pl.col("price").is_finite() & (pl.col("price") > 0)),
            "must be above zero and finite: an index of relatives has no meaning otherwise. Leave such rows out, or "
            "leave their price empty.",
        ),
        (
            "quantity",
            columns.quantity or "",
            ~(pl.col("quantity").is_finite() & (pl.col("quantity") >= 0)),
            "must be zero or above and finite. Net returns against sales before.",
        ),
    ]
    for column, label, broken, rule in rules:
        if column in priced.columns:
            bad = priced.filter(broken)
            if bad.height:
                raise IndexTableError(
                    f"{name}, row {bad[ROW][0]}: {label} {bad[column][0]:g} of item {bad['item'][0]!r} {rule} "
                    f"({_counted(bad, 'such row')})"
                )


def _counted(bad: pl.DataFrame, what: str) -> str:
    rows = ", ".join(str(row) for row in bad[ROW][:EXAMPLES])
    more = ", ..." if bad.height > EXAMPLES else ""
    return f"{bad.height} {what}{'' if bad.height == 1 else 's'}: {rows}{more}"
