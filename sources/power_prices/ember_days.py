"""Ember's daily file as we recorded it: the day-ahead price of a country on each day in UTC, one look.

Not here: recording it (recorders/power_ember_days.py), Ember's own files (ember.py), monthly means and dollars (dbt).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from sources import curated
from sources.payload import Payload
from sources.power_prices.interval_rows import observed
from sources.registry import SourceSpec

CAPTURE = "2026-04-30"
CITATION = "Ember, European wholesale electricity price data, daily file"
COLUMNS = ("zone_label", "date", "price")
"""The compact file's columns; prices in EUR per MWh."""


def fetch_offline(spec: SourceSpec) -> Iterator[Payload]:
    """The compact file, seen on the day of the capture. Raises SourceError where it cannot be read."""
    for payload in curated.fetch_offline(spec):
        yield replace(payload, observed_on=CAPTURE)


def parse(payload: Payload) -> pl.DataFrame:
    """One row per country and day. A date that is none leaves moments the contract rejects, row by row."""
    table = curated.parse(payload)
    start = pl.col("date").str.to_datetime("%Y-%m-%d", time_unit="us", strict=False).dt.replace_time_zone("UTC")
    rows = table.with_columns(
        start.alias("interval_start"),
        start.dt.offset_by("1d").alias("interval_end"),
        pl.lit("UTC").alias("timezone"),
        pl.lit("P1D").alias("resolution"),
        pl.lit("day_ahead").alias("sector"),
        pl.lit("eur_per_mwh").alias("price_unit"),
        pl.lit("EUR").alias("currency"),
        # The newest day of a file may still change.
        pl.when(pl.col("date") == CAPTURE).then(pl.lit("provisional")).alias("data_status"),
    )
    return observed(rows.drop("date"), payload, CITATION)
