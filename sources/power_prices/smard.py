"""SMARD (Bundesnetzagentur): day-ahead prices of Germany's zone and its neighbours.

Two shapes. The charts' JSON: an index of chunk starts, then per zone chunks of `series: [[epoch milliseconds, price or
null]]`. The download centre's CSV: one line per clock time without an offset and a column per zone, semicolons between;
the hour the clocks go back stands twice, the one they skip not at all. German civil time for every zone.

Not here: dollars, canonical zones (dbt).
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl

from sources import json_text
from sources.client import Client
from sources.errors import SourceError
from sources.payload import Payload
from sources.power_prices.civil_time import to_utc
from sources.power_prices.interval_rows import observed, spaced, wrapped
from sources.power_prices.zones import SMARD
from sources.registry import SourceSpec
from sources.unpack import unpacked, unzip

STRETCH = "year"  # of a backfill: the download centre answers for longer spans
FILTERS = {
    "4169": "Germany/Luxembourg",
    "251": "Germany/Austria/Luxembourg",
    "4170": "Austria",
    "4996": "Belgium",
    "261": "Czech Republic",
    "252": "Denmark 1",
    "253": "Denmark 2",
    "254": "France",
    "262": "Hungary",
    "256": "Netherlands",
    "255": "Northern Italy",
    "4997": "Norway 2",
    "257": "Poland",
    "260": "Slovenia",
    "258": "Sweden 4",
    "259": "Switzerland",
}
"""SMARD's number of each zone's price series."""
ENDED = {"251"}  # the zone of Germany, Austria and Luxembourg, split on 2018-10-01
CHUNKS = 2  # a chunk is a week: the present one and the one before
DOWNLOAD = "nip-download-manager/nip/download/market-data"
MODULE = 8_000_000  # the download centre's number of a price series is its filter plus this
QUARTERS_FROM = dt.date(2025, 10, 1)  # the auction clears in quarters of an hour; before, in hours
BERLIN = "Europe/Berlin"
MEGABYTES = 128

_UNIT = re.compile(r"\s*\[€/MWh\].*$")
_LINE_TIMES = {
    ("Date", "Time of day"): "%b %d, %Y %I:%M %p",
    ("Start date", "End date"): "%b %d, %Y %I:%M %p",
}


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """The last two weeks of every zone in quarters of an hour, one payload per zone."""
    for number in FILTERS:
        if number in ENDED:
            continue
        try:
            folder = f"app/chart_data/{number}/DE/"
            index = client.get(folder + "index_quarterhour.json", kind="json")
            starts = json_text.loads(index.content)["timestamps"][-CHUNKS:]
            chunks = [client.get(f"{folder}{number}_DE_quarterhour_{int(start)}.json", kind="json") for start in starts]
        except SourceError as error:
            yield error
            continue
        except (ValueError, KeyError, TypeError) as error:
            yield SourceError(spec.source_id, f"series {number} has an index of another shape ({error!r}).", "")
            continue
        if not chunks:
            yield SourceError(spec.source_id, f"series {number} has no chunk.", "")
            continue
        yield Payload(
            source_id=spec.source_id,
            origin=chunks[-1].address,
            content=wrapped({"filter": number}, [chunk.content for chunk in chunks]),
            media_type="application/json",
            observed_on=index.fetched_on,
            metadata=chunks[-1].headers,
        )


def fetch_range(spec: SourceSpec, client: Client, first: dt.date, last: dt.date) -> Iterator[Payload | SourceError]:
    """The download centre's tables of all zones, one payload per civil year; `last` is inclusive."""
    for year in range(first.year, last.year + 1):
        start, end = max(first, dt.date(year, 1, 1)), min(last, dt.date(year, 12, 31)) + dt.timedelta(days=1)
        cuts = [start, *([QUARTERS_FROM] if start < QUARTERS_FROM < end else []), end]
        for lower, upper in pairwise(cuts):
            form = {
                "format": "CSV",
                "moduleIds": [MODULE + int(number) for number in FILTERS],
                "region": "DE",
                "timestamp_from": _milliseconds(lower),
                "timestamp_to": _milliseconds(upper) - 1,
                "type": "discrete",
                "language": "en",
                "resolution": "quarterhour" if lower >= QUARTERS_FROM else "hour",
            }
            try:
                response = client.post(DOWNLOAD, json={"request_form": [form]}, kind="any")
            except SourceError as error:
                yield error
                continue
            yield Payload(
                source_id=spec.source_id,
                origin=f"{response.address} (days {lower} to {upper - dt.timedelta(days=1)})",
                content=response.content,
                media_type="text/csv",
                observed_on=response.fetched_on,
                metadata=response.headers,
            )
            try:
                listed = _days(response.content, spec.source_id)
            except SourceError as error:
                yield error
                continue
            over = min(upper, client.today)
            days = [lower + dt.timedelta(days=at) for at in range((over - lower).days)]
            if missing := [day for day in days if f"{day:%b} {day.day}, {day.year}" not in listed]:
                problem = f"{len(missing)} of {len(days)} days have no line, the first {missing[0]}."
                yield SourceError(spec.source_id, problem, "What came is kept; ask again for the rest.")


def _days(content: bytes, source_id: str) -> set[str]:
    """The days the lines of a table begin with, as it writes them."""
    starts = (
        line.split(b";", 1)[0].decode("utf-8", "replace").split() for line in _table(content, source_id).split(b"\n")
    )
    return {" ".join(start[:3]) for start in starts}


def _table(content: bytes, source_id: str) -> bytes:
    """The download centre's table, unpacked. Raises SourceError where it cannot be."""
    if content.startswith(b"PK"):
        files = unzip(content, source_id, MEGABYTES)
        if len(files) != 1:
            raise SourceError(source_id, f"its archive holds {len(files)} files, not one table.", "")
        (content,) = files.values()
    return unpacked(content, source_id)


def parse(payload: Payload) -> pl.DataFrame:
    """One row per stated price of either shape. Raises SourceError on a shape that is neither."""
    if payload.media_type == "application/json":
        return observed(_from_chart(payload), payload, payload.origin)
    return observed(_from_table(payload), payload, payload.origin)


def _from_chart(payload: Payload) -> pl.DataFrame:
    document = json_text.loads(payload.content)
    label = FILTERS[document["filter"]]
    # Chunks follow each other; a moment that stands in two is the later chunk's.
    series = {int(moment): price for page in document["pages"] for moment, price in page["series"]}
    moments = pl.from_epoch(pl.Series(sorted(series), dtype=pl.Int64), time_unit="ms").cast(pl.Datetime("us"))
    return (
        spaced(moments.dt.replace_time_zone("UTC"), BERLIN)
        .with_columns(
            pl.Series("price", [_text(series[moment]) for moment in sorted(series)], dtype=pl.String),
            pl.int_range(1, pl.len() + 1).alias("row_number"),
            pl.lit(label).alias("zone_label"),
            pl.lit(SMARD[label]).alias("timezone"),
            *_MARKET,
        )
        .filter(pl.col("price").is_not_null())
    )


def _from_table(payload: Payload) -> pl.DataFrame:
    try:
        table = pl.read_csv(
            io.BytesIO(_table(payload.content, payload.source_id)),
            separator=";",
            infer_schema=False,
            truncate_ragged_lines=False,
        )
    except pl.exceptions.PolarsError as error:
        raise SourceError(payload.source_id, f"its table cannot be read ({error}).", "Ask again.") from error
    pair = (table.columns[0].removeprefix("\ufeff"), table.columns[1])
    zones = {name: _UNIT.sub("", name) for name in table.columns[2:] if "[€/MWh]" in name}
    if pair not in _LINE_TIMES or not zones:
        raise SourceError(payload.source_id, f"its table begins with {pair}, which no known shape does.", "")
    time = pl.concat_str(table.columns[:2], separator=" ") if pair[0] == "Date" else pl.col(table.columns[0])
    clock = table.select(time.str.to_datetime(_LINE_TIMES[pair], strict=False)).to_series()
    moment, problem = to_utc(clock, BERLIN)
    problem = (
        pl.DataFrame({"problem": problem, "clock": clock})
        .select(pl.when(pl.col("clock").is_null()).then(pl.lit("no date and time")).otherwise("problem"))
        .to_series()
    )
    read = moment.drop_nulls().unique().sort()
    lengths = spaced(read, BERLIN).with_columns(pl.col("parse_error").alias("length_error")).drop("parse_error")
    lines = pl.DataFrame({"interval_start": moment, "problem": problem}).with_row_index("line")
    lines = lines.join(lengths, on="interval_start", how="left", maintain_order="left")
    cells = (
        pl.concat([lines, table.select(pl.col(list(zones)))], how="horizontal")
        .unpivot(list(zones), index=lines.columns, variable_name="column", value_name="price")
        .with_columns(
            pl.col("price").str.strip_chars().str.replace_all(",", ""),
            pl.coalesce("problem", "length_error").alias("parse_error"),
            pl.col("column").replace_strict(zones).alias("zone_label"),
        )
        .filter(pl.col("price").is_not_null() & ~pl.col("price").is_in(["", "-"]))
        .with_row_index("row_number", offset=1)
        .with_columns(
            pl.col("zone_label").replace_strict(SMARD, default=None, return_dtype=pl.String).alias("timezone"), *_MARKET
        )
    )
    return cells.drop("line", "problem", "length_error", "column")


_MARKET = (
    pl.lit("day_ahead").alias("sector"),
    pl.lit("eur_per_mwh").alias("price_unit"),
    pl.lit("EUR").alias("currency"),
)


def _text(price: object) -> str | None:
    return None if price is None else str(price)


def _milliseconds(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), ZoneInfo(BERLIN)).timestamp() * 1000)
