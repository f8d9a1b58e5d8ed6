"""Hub prices of ERCOT, PJM and CAISO, day ahead and real time, through the library gridstatus (an optional extra).

gridstatus 0.37 brings 35 packages and 329 MB, so it is no dependency: `pip install 'rackhour[gridstatus]'`. It goes to
the operators' own pages with its own requests; what it hands back, a table of intervals with their offsets, is kept as
CSV. PJM needs a key in PJM_API_KEY; it is asked for its hubs, of which the named ones are kept.

Shape: `Interval Start, Interval End, Market, Location, SPP` (ERCOT) or `LMP` (CAISO, and PJM with `Location Name`), USD
per MWh. The library leaves out days that fail without a word: past days of which nothing came are told as missing.

Not here: canonical zones, corrections that the operators publish as data sets of their own.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import os
from collections.abc import Iterator
from types import ModuleType

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.payload import Payload
from sources.power_prices.interval_rows import RESOLUTIONS, days_without, observed
from sources.power_prices.zones import US_HUBS
from sources.registry import SourceSpec
from sources.unpack import unpacked

DAYS_BACK = 2
MARKETS = {
    "ERCOT": ("Ercot", "get_spp", ("DAY_AHEAD_HOURLY", "REAL_TIME_15_MIN")),
    "PJM": ("PJM", "get_lmp", ("DAY_AHEAD_HOURLY", "REAL_TIME_HOURLY")),
    "CAISO": ("CAISO", "get_lmp", ("DAY_AHEAD_HOURLY", "REAL_TIME_15_MIN")),
}
HUBS = {
    "ERCOT": ["HB_HOUSTON", "HB_NORTH", "HB_SOUTH", "HB_WEST"],
    "PJM": ["WESTERN HUB", "DOMINION HUB", "AEP-DAYTON HUB", "N ILLINOIS HUB"],
    "CAISO": ["TH_NP15_GEN-APND", "TH_SP15_GEN-APND", "TH_ZP26_GEN-APND"],
}
# What the library takes as `locations`: names for ERCOT and CAISO, for PJM numbers of nodes or one word for all hubs.
LOCATIONS: dict[str, list[str] | str] = {**HUBS, "PJM": "hubs"}
KEY = "PJM_API_KEY"
# What a broken page, a missing key or a day without data make the library raise; requests' errors are OSErrors.
_LIBRARY_ERRORS = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    RuntimeError,
    NotImplementedError,
)
LONGEST_REASON = 300
_TIME = "%Y-%m-%d %H:%M:%S%#z"


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """The last two days, one payload per operator and market. Raises SourceError where gridstatus is not installed."""
    # Operators publish some of these days a day or two later: what is not there yet is not missed.
    first = client.today - dt.timedelta(days=DAYS_BACK)
    yield from _fetched(spec, client, first, client.today, must_reach=first)


def fetch_range(spec: SourceSpec, client: Client, first: dt.date, last: dt.date) -> Iterator[Payload | SourceError]:
    """Days from `first` to `last`, both inclusive, one payload per operator and market.

    An error beside a payload tells the past days of a hub of which nothing came.
    """
    yield from _fetched(spec, client, first, last, must_reach=min(last + dt.timedelta(days=1), client.today))


def _fetched(
    spec: SourceSpec, client: Client, first: dt.date, last: dt.date, must_reach: dt.date
) -> Iterator[Payload | SourceError]:
    library = _library(spec)
    if os.environ.get(KEY):
        client.secret(KEY)  # so that no error tells it
    errors: tuple[type[Exception], ...] = (*_LIBRARY_ERRORS, library.NoDataFoundException)
    for operator, (class_name, method, markets) in MARKETS.items():
        for market in markets:
            # ERCOT's day-ahead prices are asked for by the day they are published on, the one before; gridstatus leaves
            # the end day out.
            start = first - dt.timedelta(days=1) if (operator, market) == ("ERCOT", "DAY_AHEAD_HOURLY") else first
            span = {"date": start.isoformat(), "end": (last + dt.timedelta(days=1)).isoformat()}
            try:
                ask = getattr(getattr(library, class_name)(), method)
                frame = ask(**span, market=market, locations=LOCATIONS[operator])
                content = frame.to_csv(index=False).encode()
            except errors as error:
                reason = client.hidden(f"{type(error).__name__} {error}"[:LONGEST_REASON]).strip()
                yield SourceError(spec.source_id, f"{operator} {market}: {reason}.", "Ask again later.")
                continue
            payload = Payload(
                source_id=spec.source_id,
                origin=f"gridstatus {library.__version__}: {operator} {market} {first} to {last}",
                content=_of_hubs(content, HUBS[operator]),
                media_type="text/csv",
                observed_on=client.today.isoformat(),
            )
            try:
                rows = parse(payload)
            except SourceError as error:
                yield error
                continue
            if rows.height:
                yield payload
            else:
                yield SourceError(spec.source_id, f"{operator} {market}: no row of a hub.", "Ask again later.")
            yield from _missing(spec, rows, operator, market, first, must_reach)


def _of_hubs(content: bytes, hubs: list[str]) -> bytes:
    """The table without rows of locations that are none of `hubs`; as it came where it names none."""
    table = pl.read_csv(io.BytesIO(content), infer_schema=False)
    label = _label(table)
    others = table.height and label and not table[label].is_in(hubs).all()
    return table.filter(pl.col(label).is_in(hubs)).write_csv().encode() if others and label else content


def _missing(
    spec: SourceSpec, rows: pl.DataFrame, operator: str, market: str, first: dt.date, after: dt.date
) -> Iterator[SourceError]:
    """An error for each hub some of whose days, counted in UTC, have no row."""
    for hub in HUBS[operator]:
        of_hub = rows.filter(pl.col("zone_label") == hub).drop_nulls(["interval_start", "interval_end"])
        missing = days_without(of_hub.select("interval_start", "interval_end").iter_rows(), first, after)
        if missing:
            problem = f"{operator} {market}: {hub}: {len(missing)} of {(after - first).days} days did not come"
            remedy = "What came is kept; ask again for the rest."
            yield SourceError(spec.source_id, f"{problem}, the first {missing[0]}.", remedy)


def _library(spec: SourceSpec) -> ModuleType:
    try:
        return importlib.import_module("gridstatus")
    except ImportError as error:
        raise SourceError(
            spec.source_id, "needs the library gridstatus.", "Install it with: pip install 'rackhour[gridstatus]'"
        ) from error


def parse(payload: Payload) -> pl.DataFrame:
    """One row per interval and hub; times carry their offset, so a repeated hour is two moments.

    Raises SourceError on other columns than the documented ones.
    """
    table = pl.read_csv(io.BytesIO(unpacked(payload.content, payload.source_id)), infer_schema=False)
    price = next((name for name in ("SPP", "LMP") if name in table.columns), None)
    label = _label(table)
    if not price or not label or not {"Interval Start", "Interval End", "Market"} <= set(table.columns):
        raise SourceError(payload.source_id, f"{payload.origin} has columns {table.columns}.", "Look at gridstatus.")
    start, end = (
        pl.col(name).str.to_datetime(_TIME, time_unit="us", strict=False).dt.convert_time_zone("UTC")
        for name in ("Interval Start", "Interval End")
    )
    rows = table.select(
        pl.int_range(1, pl.len() + 1).alias("row_number"),
        pl.col(label).alias("zone_label"),
        pl.when(pl.col("Market").str.starts_with("DAY_AHEAD"))
        .then(pl.lit("day_ahead"))
        .when(pl.col("Market").str.starts_with("REAL_TIME"))
        .then(pl.lit("real_time"))
        .otherwise("Market")
        .alias("sector"),
        start.alias("interval_start"),
        end.alias("interval_end"),
        pl.col(price).alias("price"),
        pl.lit("usd_per_mwh").alias("price_unit"),
        pl.lit("USD").alias("currency"),
        pl.col(label).replace_strict(US_HUBS, default=None, return_dtype=pl.String).alias("timezone"),
    )
    minutes = (pl.col("interval_end") - pl.col("interval_start")).dt.total_minutes()
    resolution = minutes.replace_strict(RESOLUTIONS, default=None, return_dtype=pl.String)
    return observed(rows.with_columns(resolution.alias("resolution")), payload, payload.origin)


def _label(table: pl.DataFrame) -> str | None:
    return next((name for name in ("Location Name", "Location") if name in table.columns), None)
