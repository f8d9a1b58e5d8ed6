"""Form EIA-861M: monthly revenue, sales and price of electricity by US state and sector, in published vintages.

The curated file is a compact record of seven captures of the agency's workbook `sales_revenue.xlsx`: one row per
figure that is new or restated, with the first and the last capture that show it. This module spells the rows out.

A capture bounds the day of publication from above; the agency's own day is not in the workbook, so knowledge starts
at the capture (`first_seen`).

Not here: reading workbooks (recorders/power_eia861m.py), canonical zones, the US total (dbt).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sources import curated
from sources.payload import Payload
from sources.registry import SourceSpec

CAPTURES = {
    "2018-03-28": "github.com/kenmoretoast/econ144Proj1 sales_revenue.xlsx @58baf6d878f1",
    "2019-09-26": "github.com/aabdygaziev/flatiron-mod4-project data/sales_revenue.xlsx @3a5d4517f6be",
    "2023-09-29": "github.com/alishaminj12/Minj_Alisha data/sales_revenue.xlsx @29c8c50c9e93",
    "2024-01-22": (
        "github.com/Prajapati-Neel/Time_Series_Analysis_of_Energy_Consumption_and_Forecasting_using_ARIMA-"
        "_Assignment-2_EE6673 sales_revenue.xlsx @9147c01a1dd1"
    ),
    "2024-09-26": "github.com/umdfiresa2024/research-go-green sales_revenue.xlsx",
    "2025-04-15": "github.com/ashirask/cair_hackforcasting25 sales_revenue.xlsx @965cf8a4c172",
    "2025-07-24": "github.com/sayalisnage/energy-burden-us data/sales_revenue.xlsx @f8717749fcad",
}
"""Day of the capture: the public repository that holds the agency's workbook as it stood then, with the commit."""

COLUMNS = (
    "zone_label",
    "sector",
    "month",
    "price_usc_per_kwh",
    "sales_mwh",
    "revenue_kusd",
    "data_status",
    "first_capture",
    "last_capture",
    "capture_count",
)
"""The compact file's columns; `month` is YYYY-MM, captures are days."""


def fetch_offline(spec: SourceSpec) -> Iterator[Payload]:
    """The compact file's bytes. Raises SourceError where it cannot be read."""
    yield from curated.fetch_offline(spec)


def parse(payload: Payload) -> pl.DataFrame:
    """Contract rows as text. A month that is no month leaves dates the contract rejects, row by row."""
    compact = curated.parse(payload)
    kept = [pl.col("parse_error")] if "parse_error" in compact.columns else []
    first_day = pl.concat_str(pl.col("month"), pl.lit("-01"))
    after = first_day.str.to_date("%Y-%m-%d", strict=False).dt.offset_by("1mo").cast(pl.String)
    return compact.select(
        first_day.alias("valid_from"),
        after.alias("valid_to"),
        pl.col("first_capture").alias("known_from"),
        pl.lit("first_seen").alias("known_basis"),
        pl.col("last_capture").alias("last_observed"),
        pl.col("capture_count").alias("observation_count"),
        pl.lit("A").alias("grade"),
        # An unknown capture leaves no citation, and the contract rejects the row for it.
        pl.col("first_capture").replace_strict(CAPTURES, default=None, return_dtype=pl.String).alias("citation"),
        "zone_label",
        "sector",
        first_day.alias("interval_start"),
        after.alias("interval_end"),
        pl.col("price_usc_per_kwh").alias("price"),
        pl.lit("usc_per_kwh").alias("price_unit"),
        pl.lit("USD").alias("currency"),
        "sales_mwh",
        "revenue_kusd",
        "data_status",
        *kept,
    )
