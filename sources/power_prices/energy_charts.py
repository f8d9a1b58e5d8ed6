"""Energy-Charts (Fraunhofer ISE): day-ahead prices of European bidding zones, keyless.

Shape: `{license_info, unix_seconds: [...], price: [...], unit: "EUR / MWh"}`, one list entry per interval, an hour long
up to 2025-09-30 and a quarter of an hour after. Before the auction is published it answers 404. Past days of which an
answer holds nothing are told as missing.

Not here: dollars, canonical zones, which of several series stands for a zone (dbt).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from sources import json_text
from sources.client import Client
from sources.errors import SourceError
from sources.payload import Payload
from sources.power_prices.interval_rows import days_without, observed, spaced, wrapped
from sources.power_prices.zones import ENERGY_CHARTS, existing
from sources.registry import SourceSpec

STRETCH = "year"  # of a backfill: an answer of a year is small
DAYS_BACK = 7  # a look shows a week, so that a correction of the last days is seen
UNIT = "EUR / MWh"


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """The last week and tomorrow, one payload per bidding zone; a zone that fails is yielded as its error."""
    yield from fetch_range(spec, client, client.today - dt.timedelta(days=DAYS_BACK), client.today + dt.timedelta(1))


def fetch_range(spec: SourceSpec, client: Client, first: dt.date, last: dt.date) -> Iterator[Payload | SourceError]:
    """Days from `first` to `last`, both inclusive, one payload per bidding zone that existed then."""
    for zone in ENERGY_CHARTS:
        start, end = existing(zone, first, last)
        if start > end:
            continue
        params = {"bzn": zone, "start": start.isoformat(), "end": end.isoformat()}
        try:
            response = client.get("", params=params, kind="json")
        except SourceError as error:
            if "answered 404" in error.problem:
                error = SourceError(spec.source_id, f"{zone} has no prices yet from {start} to {end}.", "Ask later.")
            yield error
            continue
        yield Payload(
            source_id=spec.source_id,
            origin=response.address,
            content=wrapped({"bzn": zone}, [response.content]),
            media_type="application/json",
            observed_on=response.fetched_on,
            metadata=response.headers,
        )
        over = min(end + dt.timedelta(days=1), client.today)
        if missing := days_without(_spans(response.content), start, over):
            problem = f"{zone}: {len(missing)} of {(over - start).days} days did not come, the first {missing[0]}."
            yield SourceError(spec.source_id, problem, "What came is kept; ask again for the rest.")


def _spans(content: bytes) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The first quarters of the stated intervals; none where the answer has another shape, which parse tells."""
    try:
        page = json_text.loads(content)
        stated = list(zip(page["unix_seconds"], page["price"], strict=True))
        starts = [dt.datetime.fromtimestamp(second, dt.UTC) for second, price in stated if price is not None]
    except (ValueError, KeyError, TypeError, OverflowError):
        return
    yield from ((start, start + dt.timedelta(minutes=15)) for start in starts)


def parse(payload: Payload) -> pl.DataFrame:
    """One row per stated price; a null in the list is a price not stated yet. The licence of the zone is the note.

    Raises SourceError on another shape or another unit.
    """
    document = json_text.loads(payload.content)
    zone = document["bzn"]
    (page,) = document["pages"]
    starts, prices, unit = page.get("unix_seconds"), page.get("price"), page.get("unit")
    if not isinstance(starts, list) or not isinstance(prices, list) or len(starts) != len(prices) or not starts:
        raise SourceError(payload.source_id, f"{zone}: times and prices are not two lists of one length.", "")
    if unit != UNIT:
        raise SourceError(
            payload.source_id, f"{zone} is in {unit!r}, not in {UNIT!r}.", "Look at the publisher's page."
        )
    moments = pl.from_epoch(pl.Series(starts, dtype=pl.Int64), time_unit="s")
    rows = (
        spaced(moments.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"), ENERGY_CHARTS.get(zone, "UTC"))
        .with_columns(
            pl.Series("price", [None if price is None else str(price) for price in prices], dtype=pl.String),
            pl.int_range(1, pl.len() + 1).alias("row_number"),
            pl.lit(zone).alias("zone_label"),
            pl.lit("day_ahead").alias("sector"),
            pl.lit(ENERGY_CHARTS.get(zone), dtype=pl.String).alias("timezone"),
            pl.lit("eur_per_mwh").alias("price_unit"),
            pl.lit("EUR").alias("currency"),
            pl.lit(page.get("license_info"), dtype=pl.String).alias("note"),
        )
        .filter(pl.col("price").is_not_null())
    )
    return observed(rows, payload, payload.origin)
