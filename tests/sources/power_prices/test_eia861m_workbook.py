"""The agency's workbook: seven real captures written in its layout and read back; damage is synthetic."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile

import polars as pl
import pytest

from sources.errors import SourceError
from tests.sources.power_prices.eia_rows import workbook
from tests.sources.power_prices.live import ask, checked, made, payloads

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VINTAGES = ("2018-03-28", "2019-09-26", "2023-09-29", "2024-01-22", "2024-09-26", "2025-04-15", "2025-07-24")


def vintages(shared) -> pl.DataFrame:
    held = gzip.decompress((shared / "data/power/eia861m_state_monthly_7vintages.csv.gz").read_bytes())
    return pl.read_csv(held, infer_schema_length=None)


def synthetic(**changes) -> pl.DataFrame:
    row = {"year": 2025, "month": 4, "state": "VA", "data_status": "Preliminary", "sector": "commercial"}
    row |= {"revenue_kusd": 380182.71, "sales_mwh": 4123456.78, "customers": None, "price_cents_kwh": 9.22} | changes
    return pl.DataFrame([{**row, "state": "TX"}, row], infer_schema_length=None)


@pytest.mark.shared
@pytest.mark.parametrize("vintage", VINTAGES)
def test_a_real_capture_comes_back_cell_by_cell(shared, publisher_server, monkeypatch, vintage):
    written = vintages(shared).filter(pl.col("vintage_date") == vintage)
    publisher_server.serve("/sales_revenue.xlsx", workbook(written))
    monkeypatch.setenv("RACKHOUR_TODAY", vintage)
    (payload,) = payloads(ask("eia861m_workbook", monkeypatch, publisher_server.base + "/sales_revenue.xlsx"))
    outcome = checked(payload)
    stated = written.filter(pl.col("sector").is_in(["commercial", "industrial"]))
    read = outcome.accepted.select(
        pl.col("interval_start").dt.year().alias("year").cast(pl.Int64),
        pl.col("interval_start").dt.month().alias("month").cast(pl.Int64),
        pl.col("zone_label").alias("state"),
        "data_status",
        "sector",
        "revenue_kusd",
        "sales_mwh",
        pl.col("price").alias("price_cents_kwh"),
    )
    key = ["sector", "state", "year", "month"]
    expected = stated.filter(pl.col("price_cents_kwh").is_not_null()).select(read.columns)
    assert read.sort(key).equals(expected.sort(key))
    # Every line has both sectors: a point is a row that states no price, and is refused as such.
    lines = written.select("year", "month", "state").n_unique()
    assert outcome.received == 2 * lines
    assert outcome.rejected.height == 2 * lines - expected.height
    assert set(outcome.rejected["rule"]) <= {"a_price_or_both_ends_of_a_range"}
    assert outcome.accepted["known_from"].unique().to_list() == [dt.date.fromisoformat(vintage)]


def test_small_negative_revenues_are_taken_with_their_negative_price():
    body = workbook(synthetic(revenue_kusd=-1.2, sales_mwh=20.0, price_cents_kwh=-6.0))
    prices = checked(made("eia861m_workbook", body, XLSX)).accepted.filter(pl.col("sector") == "commercial")["price"]
    assert prices.to_list() == [-6.0, -6.0]


def test_a_price_in_another_unit_breaks_the_identity_with_revenue():
    outcome = checked(made("eia861m_workbook", workbook(synthetic(price_cents_kwh=0.0922)), XLSX))
    assert "price_is_revenue_over_sales" in set(outcome.rejected["rule"])


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (
            workbook(synthetic(), units=("Million Dollars", "Megawatthours", "Count", "Cents/kWh")),
            "columns of COMMERCIAL",
        ),
        (workbook(synthetic(), units=("Thousand Dollars", "Megawatthours", "Count", "Dollars/kWh")), "columns of COMM"),
        (workbook(synthetic())[:-200], "zip archive cannot be read"),
        (b"PK\x03\x04 nothing", "zip archive cannot be read"),
    ],
    ids=["unit of revenue", "unit of price", "cut", "no workbook"],
)
def test_a_workbook_of_another_shape_is_refused_as_a_whole(body, problem):
    with pytest.raises(SourceError, match=problem):
        checked(made("eia861m_workbook", body, XLSX))


def test_an_archive_that_is_no_workbook_is_refused():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("readme.txt", "synthetic")
    with pytest.raises(SourceError, match="cannot be read"):
        checked(made("eia861m_workbook", held.getvalue(), XLSX))


def test_a_line_without_a_month_is_refused_alone():
    body = workbook(pl.concat([synthetic(), synthetic(month=14, state="OH").filter(pl.col("state") == "OH")]))
    outcome = checked(made("eia861m_workbook", body, XLSX))
    bad = outcome.rejected.filter(pl.col("rule").str.starts_with("no month"))
    assert bad.height == 2
    assert outcome.accepted.filter(pl.col("sector") == "commercial").height == 2
