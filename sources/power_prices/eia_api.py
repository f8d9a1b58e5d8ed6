"""EIA open data API v2: retail sales of electricity, monthly, by state and sector, with a key.

Shape: pages of at most 5,000 rows, `{response: {total, data: [{period: "2025-04", stateid, sectorid, price,
"price-units", revenue, "revenue-units", sales, "sales-units"}]}}`, every value a string. A cut answer is a 200 with a
warning: pages are asked for until `total` rows are there, each once, or the sector as a whole fails. Bounds compare as
text, so they are months. There is no status and no revision number: the whole history is asked for again and compared.

The contract's columns for sales and revenue are in MWh and thousand dollars: the API's million kWh and million dollars
are moved by three decimal places here, exactly.

Not here: canonical zones, the US total, what changed between two looks (dbt).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl

from sources import json_text
from sources.client import Client
from sources.errors import SourceError
from sources.payload import Payload
from sources.power_prices.interval_rows import wrapped
from sources.registry import SourceSpec

STRETCH = "whole"  # of a backfill: a page holds years of months
KEY = "EIA_API_KEY"
SECTORS = {"COM": "commercial", "IND": "industrial"}
FIRST_MONTH = dt.date(2001, 1, 1)
PAGE = 5000
MOST_PAGES = 50
UNITS = {
    "price-units": "centsperkilowatthour",
    "revenue-units": "milliondollar",
    "sales-units": "millionkilowatthour",
}
"""Units this module reads, without blanks, hyphens and the plural's s: the API has written them in several ways."""


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """Every month since 2001, one payload per sector. Raises SourceError where EIA_API_KEY is not set."""
    yield from fetch_range(spec, client, FIRST_MONTH, client.today)


def fetch_range(spec: SourceSpec, client: Client, first: dt.date, last: dt.date) -> Iterator[Payload | SourceError]:
    """The months of `first` to `last`, both inclusive, one payload per sector."""
    key = client.secret(KEY)
    for sector in SECTORS:
        try:
            yield _sector(spec, client, sector, first, last, key)
        except SourceError as error:
            yield error


def _sector(spec: SourceSpec, client: Client, sector: str, first: dt.date, last: dt.date, key: str) -> Payload:
    bodies: list[bytes] = []
    seen: set[tuple[str, str]] = set()
    total = PAGE
    while len(seen) < total:
        params = {
            "frequency": "monthly",
            "data[0]": "price",
            "data[1]": "revenue",
            "data[2]": "sales",
            "facets[sectorid][]": sector,
            "start": f"{first:%Y-%m}",
            "end": f"{last:%Y-%m}",
            # Without an order of its own, paging repeats some rows and skips others.
            "sort[0][column]": "period",
            "sort[0][direction]": "asc",
            "sort[1][column]": "stateid",
            "sort[1][direction]": "asc",
            "offset": str(len(seen)),
            "length": str(PAGE),
        }
        response = client.get("", params=params, secret_params={"api_key": key}, kind="json")
        rows, stated = _page(spec, response.content)
        if bodies and stated != total:
            raise SourceError(spec.source_id, f"{sector}: total went from {total} to {stated} between pages.", _AGAIN)
        total = stated
        keys = {(str(row.get("period")), str(row.get("stateid"))) for row in rows}
        if not keys or len(keys) < len(rows) or keys & seen or len(bodies) == MOST_PAGES:
            raise SourceError(
                spec.source_id, f"{sector}: {len(seen)} of {total} rows, then an empty or repeated page.", _AGAIN
            )
        seen |= keys
        bodies.append(_without_key(spec, client, response.content))
    return Payload(
        source_id=spec.source_id,
        origin=response.address,
        content=wrapped({"sectorid": sector}, bodies),
        media_type="application/json",
        observed_on=response.fetched_on,
        metadata=response.headers,
    )


_AGAIN = "Nothing of it is kept; ask again."


def _page(spec: SourceSpec, content: bytes) -> tuple[list[dict[str, Any]], int]:
    try:
        response = json_text.loads(content)["response"]
        return list(response["data"]), int(response["total"])
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(spec.source_id, f"a page has another shape ({error!r}).", _AGAIN) from error


def _without_key(spec: SourceSpec, client: Client, content: bytes) -> bytes:
    """The page, without the request it echoes where that holds the key."""
    if not client.leaks(content.decode("utf-8", "replace")):
        return content
    page = json_text.loads(content)
    page.pop("request", None)
    clean = json.dumps(page)
    if client.leaks(clean):
        raise SourceError(spec.source_id, "its answer repeats the key outside of the echoed request.", "Not kept.")
    return clean.encode()


def parse(payload: Payload) -> pl.DataFrame:
    """One row per month, area and price. A row in a unit this module does not read says so and is rejected."""
    document = json_text.loads(payload.content)
    sector = SECTORS[document["sectorid"]]
    rows = [_row(row, document["sectorid"]) for page in document["pages"] for row in page["response"]["data"]]
    month = pl.col("period").str.to_date("%Y-%m", strict=False)
    day = pl.lit(payload.observed_on).str.to_date()
    return (
        pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String))
        .with_row_index("row_number", offset=1)
        .with_columns(
            month.alias("interval_start"),
            month.dt.offset_by("1mo").alias("interval_end"),
            month.alias("valid_from"),
            month.dt.offset_by("1mo").alias("valid_to"),
            day.alias("known_from"),
            day.alias("last_observed"),
            pl.lit("first_seen").alias("known_basis"),
            pl.lit(1).alias("observation_count"),
            pl.lit("A").alias("grade"),
            pl.lit(sector).alias("sector"),
            pl.lit("usc_per_kwh").alias("price_unit"),
            pl.lit("USD").alias("currency"),
            pl.lit(f"{payload.origin} (seen {payload.observed_on})").alias("citation"),
        )
        .drop("period")
    )


_COLUMNS = ("period", "zone_label", "price", "sales_mwh", "revenue_kusd", "parse_error")


def _row(row: dict[str, Any], sector: str) -> dict[str, str | None]:
    wrong = [
        f"unit not known: {name} {row.get(name)!r}" for name, unit in UNITS.items() if _plain(row.get(name)) != unit
    ]
    if row.get("sectorid") != sector:
        wrong.append(f"a row of sector {row.get('sectorid')!r} in an answer about {sector}")
    return {
        "period": _string(row.get("period")),
        "zone_label": _string(row.get("stateid")),
        "price": _string(row.get("price")),
        "sales_mwh": _thousand(row.get("sales")),
        "revenue_kusd": _thousand(row.get("revenue")),
        "parse_error": "; ".join(wrong) or None,
    }


def _plain(unit: object) -> str:
    return str(unit).lower().replace("-", "").replace(" ", "").removesuffix("s")


def _string(value: object) -> str | None:
    return None if value is None else str(value)


def _thousand(value: object) -> str | None:
    """A thousand times a decimal, exactly; text that is no number is left for the contract to refuse."""
    if value is None:
        return None
    try:
        return format(Decimal(str(value)) * 1000, "f")
    except InvalidOperation:
        return str(value)
