"""ENTSO-E transparency platform: day-ahead prices of bidding zones (document type A44), with a token.

Shape: XML, a Publication_MarketDocument of TimeSeries, each with Periods of numbered Points. Curve type A03 leaves out
a point that repeats the one before it: the price stands until the next point, within its period. PT15M and PT60M
stand side by side in some documents; both are kept, apart. An Acknowledgement_MarketDocument says there is no data.

Not here: dollars, canonical zones, which of two series stands for a zone (dbt).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.parsers import expat

import polars as pl

from sources.client import Client
from sources.contract import UTC_TIME
from sources.errors import SourceError
from sources.payload import Payload
from sources.power_prices.interval_rows import RESOLUTIONS, observed
from sources.power_prices.zones import ENTSOE
from sources.registry import SourceSpec

STRETCH = "year"  # of a backfill: the platform answers for a year at most
DAYS_BACK = 7
SPLIT = dt.date(2018, 10, 1)  # from here on the zone of Germany, Austria and Luxembourg is two
JOINT, GERMAN, AUSTRIAN = "10Y1001A1001A63L", "10Y1001A1001A82H", "10YAT-APG------L"
TOKEN = "ENTSOE_TOKEN"
PUBLICATION, REFUSAL = "Publication_MarketDocument", "Acknowledgement_MarketDocument"
LONGEST_DAYS = 365  # the platform answers for a year at most
MINUTES = {name: minutes for minutes, name in RESOLUTIONS.items()}
MOST_INTERVALS = 366 * 96  # of a period: a year of quarters; a longer one is a damaged date
REPEATED = "not stated anew: curve type A03 leaves out a point that repeats the one before"

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "zone_label": pl.String,
    "interval_start": UTC_TIME,
    "interval_end": UTC_TIME,
    "resolution": pl.String,
    "auction": pl.String,
    "price": pl.String,
    "currency": pl.String,
    "price_unit": pl.String,
    "revision": pl.String,
    "note": pl.String,
    "parse_error": pl.String,
}


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """The last week and tomorrow, one payload per bidding zone. Raises SourceError where ENTSOE_TOKEN is not set."""
    yield from fetch_range(spec, client, client.today - dt.timedelta(days=DAYS_BACK), client.today + dt.timedelta(1))


def fetch_range(spec: SourceSpec, client: Client, first: dt.date, last: dt.date) -> Iterator[Payload | SourceError]:
    """UTC days from `first` to `last`, both inclusive, one payload per bidding zone and year asked."""
    token = client.secret(TOKEN)
    for zone in ENTSOE:
        if (zone == JOINT and first >= SPLIT) or (zone in (GERMAN, AUSTRIAN) and last < SPLIT):
            continue
        start = first
        while start <= last:
            end = min(start + dt.timedelta(days=LONGEST_DAYS), last + dt.timedelta(days=1))
            yield _ask(spec, client, zone, start, end, token)
            start = end


def _ask(
    spec: SourceSpec, client: Client, zone: str, start: dt.date, end: dt.date, token: str
) -> Payload | SourceError:
    params = {
        "documentType": "A44",
        "in_Domain": zone,
        "out_Domain": zone,
        "periodStart": f"{start:%Y%m%d}0000",
        "periodEnd": f"{end:%Y%m%d}0000",
    }
    try:
        response = client.get("", params=params, secret_params={"securityToken": token}, kind="xml")
        root = _tree(response.content, spec.source_id)
    except SourceError as error:
        return error
    if _name(root) == REFUSAL:
        return SourceError(spec.source_id, f"{zone}: {_reason(root)}.", "There is no data for these days.")
    return response.payload(spec.source_id, "application/xml")


def parse(payload: Payload) -> pl.DataFrame:
    """One row per interval of every series, repeated points spelled out.

    Raises SourceError on XML that is damaged or declares a document type or entities, on a refusal, and on a document
    of another kind.
    """
    root = _tree(payload.content, payload.source_id)
    if _name(root) == REFUSAL:
        raise SourceError(payload.source_id, f"the document is a refusal: {_reason(root)}.", "There is no data.")
    if _name(root) != PUBLICATION:
        raise SourceError(payload.source_id, f"the document is a {_name(root)}, not a {PUBLICATION}.", "")
    revision = _text(root, "revisionNumber")
    rows = [
        {**_series_facts(series), **point, "revision": revision}
        for series in _all(root, "TimeSeries")
        for period in _all(series, "Period")
        for point in _points(period, _text(series, "curveType"))
    ]
    frame = pl.DataFrame(rows, schema=SCHEMA).with_columns(
        pl.int_range(1, pl.len() + 1).alias("row_number"),
        pl.lit("day_ahead").alias("sector"),
        pl.col("zone_label").replace_strict(ENTSOE, default=None, return_dtype=pl.String).alias("timezone"),
    )
    return observed(frame, payload, payload.origin)


def _series_facts(series: ElementTree.Element) -> dict[str, str | None]:
    currency, measure = _text(series, "currency_Unit.name"), _text(series, "price_Measure_Unit.name")
    return {
        "zone_label": _text(series, "in_Domain.mRID"),
        "auction": _text(series, "classificationSequence_AttributeInstanceComponent.position"),
        "currency": currency,
        # Another currency or measure names a unit the contract does not know, and the row is refused by it.
        "price_unit": f"{currency}_per_{measure}".lower(),
    }


def _points(period: ElementTree.Element, curve: str | None) -> Iterator[dict[str, object]]:
    """The intervals of a period. A period that cannot be laid out is one row that says why."""
    resolution = _text(period, "resolution")
    interval = next(iter(_all(period, "timeInterval")), None)
    start, end = (_moment(_text(interval, name)) if interval is not None else None for name in ("start", "end"))
    step = dt.timedelta(minutes=MINUTES.get(resolution or "", 0))
    is_sound = start is not None and end is not None and step and start < end and curve in ("A01", "A03")
    if start is None or end is None or not is_sound or (end - start) // step > MOST_INTERVALS:
        yield {"parse_error": f"period {start} to {end}, resolution {resolution}, curve type {curve}: not laid out"}
        return
    count = (end - start) // step
    stated: dict[int, str | None] = {}
    for point in _all(period, "Point"):
        text, price = _text(point, "position"), _text(point, "price.amount")
        position = int(text) if text and text.isdigit() else 0
        if not 1 <= position <= count or position in stated:
            yield {"resolution": resolution, "price": price, "parse_error": f"position {text} of {count}, or twice"}
            continue
        stated[position] = price
    price = None
    for position in range(1, count + 1):
        repeated = position not in stated
        if repeated and (curve == "A01" or price is None):
            continue
        price = price if repeated else stated[position]
        yield {
            "interval_start": start + (position - 1) * step,
            "interval_end": start + position * step,
            "resolution": resolution,
            "price": price,
            "note": REPEATED if repeated else None,
        }


def _tree(content: bytes, source_id: str) -> ElementTree.Element:
    """The document's root. A document type or an entity is refused before anything is expanded."""

    def refuse(*_: object) -> None:
        raise SourceError(source_id, "its XML declares a document type or an entity.", "Such a document is not read.")

    guard = expat.ParserCreate()
    guard.StartDoctypeDeclHandler = refuse
    guard.EntityDeclHandler = refuse
    try:
        guard.Parse(content, True)
        return ElementTree.fromstring(content)
    except (expat.ExpatError, ElementTree.ParseError, LookupError, ValueError) as error:
        raise SourceError(source_id, f"its XML cannot be read ({error}).", "Ask again; it may be cut.") from error


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [child for child in element if _name(child) == name]


def _text(element: ElementTree.Element, name: str) -> str | None:
    for child in element:
        if _name(child) == name:
            return (child.text or "").strip() or None
    return None


def _moment(text: str | None) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else None


def _reason(root: ElementTree.Element) -> str:
    reasons = [f"{_text(reason, 'code')} {_text(reason, 'text')}" for reason in _all(root, "Reason")]
    return "; ".join(reasons) or "no reason given"
