"""Hub prices of ERCOT, PJM and CAISO, day ahead and real time, through the library gridstatus (an optional extra).

gridstatus 0.37 brings 35 packages and 329 MB, so it is no dependency: `pip install 'rackhour[gridstatus]'`. It goes to
the operators' own pages with its own requests; what it hands back, a table of intervals with their offsets, is kept as
CSV. PJM needs a key in PJM_API_KEY.

Shape: `Interval Start, Interval End, Market, Location, SPP` (ERCOT) or `LMP` (PJM, CAISO), USD per MWh.

Not here: canonical zones, corrections that the operators publish as data sets of their own.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
from collections.abc import Iterator
from types import ModuleType

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.payload import Payload
from sources.power_prices.interval_rows import RESOLUTIONS, observed
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
_TIME = "%Y-%m-%d %H:%M:%S%#z"


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """The last two days, one payload per operator and market. Raises SourceError where gridstatus is not installed."""
    yield from fetch_range(spec, client, client.today - dt.timedelta(days=DAYS_BACK), client.today)


def fetch_range(spec: SourceSpec, client: Client, first: dt.date, last: dt.date) -> Iterator[Payload | SourceError]:
    """Days from `first` to `last`, both inclusive, one payload per operator and market."""
    library = _library(spec)
    errors: tuple[type[Exception], ...] = (*_LIBRARY_ERRORS, getattr(library, "NoDataFoundException", ValueError))
    for operator, (class_name, method, markets) in MARKETS.items():
        for market in markets:
            try:
                ask = getattr(getattr(library, class_name)(), method)
                # gridstatus leaves the end day out.
                end = last + dt.timedelta(days=1)
                frame = ask(date=first.isoformat(), end=end.isoformat(), market=market, locations=HUBS[operator])
                content = frame.to_csv(index=False).encode()
            except errors as error:
                yield SourceError(spec.source_id, f"{operator} {market}: {type(error).__name__}.", "Ask again later.")
                continue
            yield Payload(
                source_id=spec.source_id,
                origin=f"gridstatus {getattr(library, '__version__', '')}: {operator} {market} {first} to {last}",
                content=content,
                media_type="text/csv",
                observed_on=client.today.isoformat(),
            )


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
    label = next((name for name in ("Location Name", "Location") if name in table.columns), None)
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
