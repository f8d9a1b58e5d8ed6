"""What every row of a market interval says beside its price: its civil days, when it was known, who says so.

Not here: reading any publisher's payload.
"""

from __future__ import annotations

import datetime as dt

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


def spaced(starts: pl.Series) -> pl.DataFrame:
    """Ends and resolutions of intervals that are told by their starts (UTC, ascending).

    An interval is as long as the shorter of its distances to its neighbours, where that is a market's interval; a gap
    in the list lengthens none. Columns interval_start, interval_end, resolution, parse_error.
    """
    step = (pl.col("interval_start").shift(-1) - pl.col("interval_start")).dt.total_minutes()
    minutes = pl.min_horizontal(step, step.shift(1))
    known = minutes.is_in(list(RESOLUTIONS))
    return pl.DataFrame({"interval_start": starts}).select(
        "interval_start",
        pl.when(known).then(pl.col("interval_start") + pl.duration(minutes=minutes)).alias("interval_end"),
        minutes.replace_strict(RESOLUTIONS, default=None, return_dtype=pl.String).alias("resolution"),
        pl.when(~known.fill_null(False)).then(pl.lit("the length of the interval cannot be told")).alias("parse_error"),
    )
