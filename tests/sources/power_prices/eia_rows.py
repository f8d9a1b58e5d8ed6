"""EIA's two shapes written from rows: workbooks and API pages in their documented layout. Not here: tests."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

import polars as pl
import xlsxwriter

SECTORS = ("RESIDENTIAL", "COMMERCIAL", "INDUSTRIAL", "TRANSPORTATION", "TOTAL")
UNITS = ("Thousand Dollars", "Megawatthours", "Count", "Cents/kWh")
FIGURES = ("revenue_kusd", "sales_mwh", "customers", "price_cents_kwh")


def workbook(rows: pl.DataFrame, units: tuple[str, ...] = UNITS) -> bytes:
    """The agency's workbook of rows year, month, state, data_status, sector and FIGURES; what is missing is a point."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Monthly-States")
        for at, sector in enumerate(SECTORS):
            sheet.write(0, 4 + 4 * at, sector)
            for place, name in enumerate(("Revenue", "Sales", "Customers", "Price")):
                sheet.write(1, 4 + 4 * at + place, name)
        for place, name in enumerate(("Year", "Month", "State", "Data Status", *units * len(SECTORS))):
            sheet.write(2, place, name)
        line = 2
        key = ["year", "month", "state", "data_status"]
        for names, cells in rows.group_by(key, maintain_order=True):
            line += 1
            for place, value in enumerate(names):
                sheet.write(line, place, value)
            for column in range(4, 4 + 4 * len(SECTORS)):
                sheet.write(line, column, ".")
            for cell in cells.iter_rows(named=True):
                first = 4 + 4 * SECTORS.index(cell["sector"].upper())
                for place, name in enumerate(FIGURES):
                    if cell[name] is not None:
                        sheet.write(line, first + place, cell[name])
        sheet.write(line + 1, 0, "Synthetic footnote: figures may not add up.")
        book.add_worksheet("Monthly-US").write(0, 0, "Year")
    return held.getvalue()


def api_row(period: str, state: str, price: object, sector: str = "COM", **changes: object) -> dict[str, object]:
    """A row of retail sales as the API prints it: strings, million dollars, million kWh."""
    sales = 250.123
    revenue = None if price is None else f"{float(str(price)) * sales / 100:.5f}"
    row = {
        "period": period,
        "stateid": state,
        "sectorid": sector,
        "price": price,
        "price-units": "cents per kilowatt-hour",
    }
    row |= {"revenue": revenue, "revenue-units": "million dollars", "sales": str(sales)}
    return row | {"sales-units": "million kilowatt hours"} | changes


def api_page(rows: Iterable[dict[str, object]], total: int, **more: object) -> bytes:
    return json.dumps({"response": {"total": str(total), "data": list(rows), **more}, "apiVersion": "2.1.12"}).encode()


def query(path: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(path).query))
