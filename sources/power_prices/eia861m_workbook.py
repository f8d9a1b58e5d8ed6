"""Form EIA-861M: the agency's workbook `sales_revenue.xlsx`, monthly retail sales by state and sector.

Shape: a sheet whose header line reads Year, Month, State, Data Status and then, for each sector named in the lines
above, Thousand Dollars, Megawatthours, Count, Cents/kWh. A point stands for a missing figure. The agency restates
months it calls preliminary, and each workbook shows every month again: what changed is told by comparing looks (dbt).

Read with fastexcel (Rust's calamine, the engine polars itself uses): a wheel of 3.8 MB, 15 MB installed, no dependency
of its own, 0.7 s for a workbook of 26,000 lines.

Not here: the recorded captures of 2018 to 2025 (eia861m.py), canonical zones, the US total (dbt).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec
from sources.unpack import unzip

SECTORS = {"COMMERCIAL": "commercial", "INDUSTRIAL": "industrial"}
"""Sectors that are read, as the line above the header names them."""
KEYS = ("year", "month", "state", "data status")
MEASURES = {
    "thousand dollars": "revenue_kusd",
    "megawatthours": "sales_mwh",
    "count": None,
    "cents/kwh": "price",
}
HEADER_WITHIN = 10  # lines
MEGABYTES = 256


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """The workbook as it stands today."""
    response = client.get("", kind="zip")
    yield response.payload(spec.source_id, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def parse(payload: Payload) -> pl.DataFrame:
    """One row per line and sector of every sheet by state, a missing figure as null.

    Raises SourceError where no sheet has the header, or a sector's columns are not the known ones in their order: a
    column in another unit would be read as a price.
    """
    import fastexcel  # loaded when a workbook is read, and not by every refresh

    unzip(payload.content, payload.source_id, MEGABYTES)  # refuses a bomb before the reader meets it
    try:
        book = fastexcel.read_excel(payload.content)
        sheets = [
            book.load_sheet(name, header_row=None, dtypes="string").to_polars().fill_null("")
            for name in book.sheet_names
        ]
    except fastexcel.FastExcelError as error:
        raise SourceError(payload.source_id, f"{payload.origin} cannot be read ({error}).", "Ask again.") from error
    parts = [
        part for sheet in sheets if (at := _header_line(sheet)) is not None for part in _sectors(payload, sheet, at)
    ]
    if not parts:
        raise SourceError(payload.source_id, f"{payload.origin} has no sheet by state.", "Look at the workbook.")
    return _observed(pl.concat(parts).with_row_index("row_number", offset=1), payload)


def _header_line(sheet: pl.DataFrame) -> int | None:
    for at, line in enumerate(sheet.head(HEADER_WITHIN).iter_rows()):
        if tuple(str(cell).strip().lower() for cell in line[: len(KEYS)]) == KEYS:
            return at
    return None


def _sectors(payload: Payload, sheet: pl.DataFrame, at: int) -> Iterator[pl.DataFrame]:
    header = [str(cell).strip().lower() for cell in sheet.row(at)]
    banner = [[str(cell).strip().upper() for cell in sheet.row(line)] for line in range(at)]
    lines = sheet.slice(at + 1)
    keys = sheet.columns[: len(KEYS)]
    # A footnote is a text in the first cell and nothing beside it: no line of the table.
    lines = lines.filter(pl.any_horizontal(pl.col(name).str.strip_chars() != "" for name in keys[1:]))
    for name, sector in SECTORS.items():
        starts = [line.index(name) for line in banner if name in line]
        measures = header[starts[0] : starts[0] + len(MEASURES)] if len(starts) == 1 else []
        if measures != list(MEASURES):
            raise SourceError(
                payload.source_id,
                f"{payload.origin}: columns of {name} are {measures or 'missing'}.",
                "Look at the workbook.",
            )
        columns = sheet.columns[starts[0] : starts[0] + len(MEASURES)]
        figures = [
            pl.col(column).str.strip_chars().replace(".", "").alias(target)
            for column, target in zip(columns, MEASURES.values(), strict=True)
            if target
        ]
        year, month, state, status = (pl.col(column).str.strip_chars() for column in keys)
        yield lines.select(
            pl.concat_str(year, pl.lit("-"), month.str.zfill(2), pl.lit("-01")).alias("first_day"),
            state.alias("zone_label"),
            status.alias("data_status"),
            pl.lit(sector).alias("sector"),
            *figures,
        )


def _observed(rows: pl.DataFrame, payload: Payload) -> pl.DataFrame:
    first = pl.col("first_day").str.to_date("%Y-%m-%d", strict=False)
    day = pl.lit(payload.observed_on).str.to_date()
    unreadable = pl.format("no month: {}", "first_day")
    return rows.with_columns(
        first.alias("interval_start"),
        first.dt.offset_by("1mo").alias("interval_end"),
        first.alias("valid_from"),
        first.dt.offset_by("1mo").alias("valid_to"),
        day.alias("known_from"),
        day.alias("last_observed"),
        pl.lit("first_seen").alias("known_basis"),
        pl.lit(1).alias("observation_count"),
        pl.lit("A").alias("grade"),
        pl.lit("usc_per_kwh").alias("price_unit"),
        pl.lit("USD").alias("currency"),
        pl.lit(f"{payload.origin} (seen {payload.observed_on})").alias("citation"),
        pl.when(first.is_null()).then(unreadable).alias("parse_error"),
    ).drop("first_day")
