"""Ember's European wholesale prices: the zip of hourly files by country, and the file of daily means.

Hourly: `Country, ISO3 Code, Datetime (UTC), Datetime (Local), Price (EUR/MWhe)`. Daily: `Country, ISO3 Code, Date,
Price (EUR/MWhe)`, or `country, iso3, date, p`. A day of the daily file is a day in UTC: its means equal the means of
SMARD's hours over UTC days to the cent, and over local days not (tests/sources/power_prices/test_ember.py). The last
day is provisional, keys vanish between files, and days of clock changes stand twice for Great Britain and Ireland.

Not here: dollars, canonical zones, monthly means (dbt).
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.payload import Payload
from sources.power_prices.interval_rows import observed
from sources.power_prices.zones import EMBER
from sources.registry import SourceSpec
from sources.unpack import unpacked, unzip

STRETCH = "whole"  # of a backfill: one file holds the whole history
MONTHS_BACK = 2  # the zip holds every hour since 2015: a look keeps the lines from the first day of two months ago
ALL_COUNTRIES = "all_countries"
MEGABYTES = 1024

_NAMES = {
    "Country": "zone_label",
    "country": "zone_label",
    "ISO3 Code": "iso3",
    "iso3": "iso3",
    "Datetime (UTC)": "time",
    "Date": "date",
    "date": "date",
    "Price (EUR/MWhe)": "price",
    "p": "price",
}


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """The recent lines of every country's hourly file, one payload per country; or the daily file, whole."""
    first = client.today.replace(day=1)
    for _ in range(MONTHS_BACK):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    yield from fetch_range(spec, client, first, dt.date.max)


def fetch_range(spec: SourceSpec, client: Client, first: dt.date, last: dt.date) -> Iterator[Payload | SourceError]:
    """Lines of the UTC days `first` to `last`, verbatim, one payload per country; the daily file whole."""
    response = client.get("", kind="any")
    if not response.content.startswith(b"PK"):
        yield response.payload(spec.source_id, "text/csv")
        return
    files = unzip(response.content, spec.source_id, MEGABYTES)
    countries = {
        name: body for name, body in sorted(files.items()) if name.endswith(".csv") and ALL_COUNTRIES not in name
    }
    if not countries:
        raise SourceError(
            spec.source_id, f"{response.address} holds no country's file.", "Look at the publisher's page."
        )
    for name, body in countries.items():
        lines = _cut(body, first, last)
        if lines.count(b"\n") < 2:
            yield SourceError(spec.source_id, f"{name} has no line from {first} to {last}.", "")
            continue
        yield Payload(
            source_id=spec.source_id,
            origin=f"{response.address}#{name}",
            content=lines,
            media_type="text/csv",
            observed_on=response.fetched_on,
            metadata=response.headers,
        )


def parse(payload: Payload) -> pl.DataFrame:
    """One row per line, hours or days by the file's own columns. Raises SourceError on other columns."""
    try:
        table = pl.read_csv(io.BytesIO(unpacked(payload.content, payload.source_id)), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise SourceError(payload.source_id, f"{payload.origin} cannot be read ({error}).", "Ask again.") from error
    named = {old: new for old, new in _NAMES.items() if old in table.columns}
    table = table.select(list(named)).rename(named)
    if not {"zone_label", "iso3", "price"} <= set(table.columns) or not {"time", "date"} & set(table.columns):
        raise SourceError(payload.source_id, f"{payload.origin} has other columns than either of its files.", "")
    if "time" in table.columns:
        start = pl.col("time").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
        length, resolution = dt.timedelta(hours=1), "PT60M"
        zone = pl.col("iso3").replace_strict(EMBER, default=None, return_dtype=pl.String)
    else:
        start = pl.col("date").str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
        length, resolution = dt.timedelta(days=1), "P1D"
        zone = pl.when(pl.col("iso3").is_in(list(EMBER))).then(pl.lit("UTC"))
    start = start.dt.replace_time_zone("UTC")
    newest = start.dt.date() == start.dt.date().max()
    rows = table.with_columns(
        start.alias("interval_start"),
        (start + length).alias("interval_end"),
        zone.alias("timezone"),
        pl.lit(resolution).alias("resolution"),
        pl.lit("day_ahead").alias("sector"),
        pl.lit("eur_per_mwh").alias("price_unit"),
        pl.lit("EUR").alias("currency"),
        pl.when(newest).then(pl.lit("provisional")).alias("data_status"),
        pl.when(start.is_null()).then(pl.lit("no date or time")).alias("parse_error"),
        pl.int_range(1, pl.len() + 1).alias("row_number"),
    )
    return observed(rows.drop("iso3", "time", "date", strict=False), payload, payload.origin)


def _cut(body: bytes, first: dt.date, last: dt.date) -> bytes:
    """The header and the lines of some days, verbatim. The third field of a line is its time in UTC."""
    header, *lines = body.splitlines(keepends=True)
    low, high = first.isoformat().encode(), last.isoformat().encode()
    kept = [
        line for line in lines if len(parts := line.split(b",", 3)) > 3 and low <= parts[2].strip(b'"')[:10] <= high
    ]
    return header + b"".join(kept)
