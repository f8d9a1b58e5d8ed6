"""What every row of a market interval says beside its price: its civil days, when it was known, who says so.

Not here: reading any publisher's payload.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl

from sources.payload import Payload
from sources.power_prices.civil_time import civil_day

RESOLUTIONS = {5: "PT5M", 15: "PT15M", 30: "PT30M", 60: "PT60M"}
"""ISO 8601 names of interval lengths in minutes."""


def observed(rows: pl.DataFrame, payload: Payload, citation: str) -> pl.DataFrame:
    """Contract rows from a frame of interval_start, interval_end (UTC), timezone and the publisher's figures.

    `citation` is an address without secrets; the day of the look is added to it.
    """
    zones = rows["timezone"].drop_nulls().unique().sort().to_list()
    last_moment = pl.col("interval_end") - pl.duration(microseconds=1)
    day = dt.date.fromisoformat(payload.observed_on) if payload.observed_on else None
    return rows.with_columns(
        civil_day(pl.col("interval_start"), zones).alias("valid_from"),
        civil_day(last_moment, zones).dt.offset_by("1d").alias("valid_to"),
        pl.lit(day, dtype=pl.Date).alias("known_from"),
        pl.lit(day, dtype=pl.Date).alias("last_observed"),
        pl.lit("first_seen").alias("known_basis"),
        pl.lit(1, dtype=pl.Int64).alias("observation_count"),
        pl.lit("A").alias("grade"),
        pl.lit(f"{citation} (seen {payload.observed_on})").alias("citation"),
    )


def wrapped(header: dict[str, str], pages: list[bytes]) -> bytes:
    """One JSON document of a header and the publisher's pages, byte for byte as they came."""
    import json

    start = json.dumps(header, sort_keys=True)[:-1]
    return start.encode() + b', "pages": [' + b",\n".join(pages) + b"]}"


def days_without(spans: Iterable[tuple[dt.datetime, dt.datetime]], first: dt.date, after: dt.date) -> list[dt.date]:
    """The UTC days from `first` up to `after`, that one left out, of which no span holds a moment."""
    touched: set[dt.date] = set()
    for start, end in spans:
        day = max(start.astimezone(dt.UTC).date(), first)
        last = min((end.astimezone(dt.UTC) - dt.timedelta(microseconds=1)).date(), after)
        touched.update(day + dt.timedelta(days=at) for at in range((last - day).days + 1))
    days = (first + dt.timedelta(days=at) for at in range((after - first).days))
    return [day for day in days if day not in touched]


def spaced(starts: pl.Series, zone: str) -> pl.DataFrame:
    """Ends and resolutions of intervals that are told by their starts (UTC, ascending).

    A market keeps one step a civil day of `zone` (an IANA name): the shortest distance of the day's starts, so that a
    gap lengthens no interval. Where another distance is more frequent, or the step is no market's interval, the day's
    lengths cannot be told. A start alone on its day has the step of the day beside it, where it lies that far from it.
    Columns interval_start, interval_end, resolution, parse_error.
    """
    following = pl.col("interval_start").shift(-1)
    frame = pl.DataFrame({"interval_start": starts}).with_columns(
        pl.col("interval_start").dt.convert_time_zone(zone).dt.date().alias("day"),
        (following - pl.col("interval_start")).dt.total_minutes().alias("distance"),
    )
    same_day = pl.col("day") == pl.col("day").shift(-1)
    days = (
        frame.filter(same_day & (pl.col("distance") > 0))
        .group_by("day", "distance")
        .len("times")
        .group_by("day")
        .agg(
            pl.col("distance").min().alias("shortest"),
            (pl.col("times").sort_by("distance").first() == pl.col("times").max()).alias("is_step"),
        )
        .select("day", pl.when("is_step").then("shortest").otherwise(0).alias("step"))
    )
    own = pl.col("step")
    lone = [
        pl.when(distance == beside).then(beside)
        for distance, beside in ((pl.col("distance").shift(1), own.shift(1)), (pl.col("distance"), own.shift(-1)))
    ]
    minutes = pl.coalesce(own, *lone)
    known = minutes.is_in(list(RESOLUTIONS))
    return frame.join(days, on="day", how="left", maintain_order="left").select(
        "interval_start",
        pl.when(known).then(pl.col("interval_start") + pl.duration(minutes=minutes)).alias("interval_end"),
        minutes.replace_strict(RESOLUTIONS, default=None, return_dtype=pl.String).alias("resolution"),
        pl.when(~known.fill_null(False)).then(pl.lit("the length of the interval cannot be told")).alias("parse_error"),
    )
