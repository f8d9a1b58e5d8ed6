"""ENTSO-E transparency platform: day-ahead prices of bidding zones (document type A44), with a token.

Shape: XML, a Publication_MarketDocument of TimeSeries, each with Periods of numbered Points. Curve type A03 leaves out
a point that repeats the one before it: the price stands until the next point, within its period. PT15M and PT60M
stand side by side in some documents; both are kept, apart. An Acknowledgement_MarketDocument says there is no data.

A44 also answers with intraday auctions (contract type A07, Spain and others): day-ahead contracts alone are asked for,
and a series that says it is another's is refused. One answer holds at most 100 series, usually one a day: the platform
cuts the rest off, or refuses. Days of which an answer holds nothing are told as missing.

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
from sources.power_prices.interval_rows import RESOLUTIONS, days_without, observed
from sources.power_prices.zones import ENTSOE, existing
from sources.registry import SourceSpec

STRETCH = "year"  # of a backfill
DAYS_BACK = 7
TOKEN = "ENTSOE_TOKEN"
PUBLICATION, REFUSAL = "Publication_MarketDocument", "Acknowledgement_MarketDocument"
LONGEST_DAYS = 90  # of a question
MOST_SERIES = 100  # of an answer: as many may be a part of them
TOO_MANY = "allowed maximum"  # what the platform says where it refuses to answer with more
# What a series of the day-ahead auction says of itself, where it says it: day-ahead contract, implicit auction, price.
DAY_AHEAD = {"contract_MarketAgreement.type": "A01", "auction.type": "A01", "businessType": "A62"}
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
    """UTC days from `first` to `last`, both inclusive, in payloads of one bidding zone and at most LONGEST_DAYS each.

    A zone's days of which nothing came are an error beside its payload.
    """
    token = client.secret(TOKEN)
    for zone in ENTSOE:
        start, end_of_zone = existing(zone, first, last)
        after = end_of_zone + dt.timedelta(days=1)
        while start < after:
            end = min(start + dt.timedelta(days=LONGEST_DAYS), after)
            yield from _ask(spec, client, zone, start, end, token)
            start = end


def _ask(
    spec: SourceSpec, client: Client, zone: str, start: dt.date, end: dt.date, token: str
) -> Iterator[Payload | SourceError]:
    """The days from `start` up to `end`, in two halves where one answer cannot hold them."""
    params = {
        "documentType": "A44",
        "contract_MarketAgreement.type": DAY_AHEAD["contract_MarketAgreement.type"],
        "in_Domain": zone,
        "out_Domain": zone,
        "periodStart": f"{start:%Y%m%d}0000",
        "periodEnd": f"{end:%Y%m%d}0000",
    }
    try:
        response = client.get("", params=params, secret_params={"securityToken": token}, kind="xml")
        root = _tree(response.content, spec.source_id)
        if _name(root) == REFUSAL:
            remedy = "There is no data for these days."
            raise SourceError(spec.source_id, f"{zone}, {start} up to {end}: {_reason(root)}.", remedy)
        if len(_all(root, "TimeSeries")) >= MOST_SERIES:
            problem = f"{zone}, {start} up to {end}: {MOST_SERIES} series, the {TOO_MANY} of an answer."
            raise SourceError(spec.source_id, problem, "There may be more.")
    except SourceError as error:
        if TOO_MANY in error.problem and (end - start).days > 1:
            middle = start + (end - start) // 2
            yield from _ask(spec, client, zone, start, middle, token)
            yield from _ask(spec, client, zone, middle, end, token)
        else:
            yield error
        return
    yield response.payload(spec.source_id, "application/xml")
    stated = (span for series in _all(root, "TimeSeries") if not _other(series) for span in _spans(series))
    over = min(end, client.today)  # today's and tomorrow's prices may still come
    if missing := days_without(stated, start, over):
        problem = f"{zone}: {len(missing)} of {(over - start).days} days did not come, the first {missing[0]}."
        yield SourceError(spec.source_id, problem, "What came is kept; ask again for the rest.")


def parse(payload: Payload) -> pl.DataFrame:
    """One row per interval of every series, repeated points spelled out.

    Raises SourceError on XML that is damaged or declares a document type or entities, on a refusal, and on a document
    of another kind.
    """
    root = _tree(payload.content, payload.source_id)
    if _name(root) == REFUSAL:
        raise SourceError(payload.source_id, f"the document is a refusal: {_reason(root)}.", "There is no data.")
    if _name(root) != PUBLICATION or _text(root, "type") not in ("A44", None):
        stated = f"{_name(root)} of type {_text(root, 'type')}"
        raise SourceError(payload.source_id, f"the document is a {stated}, not a {PUBLICATION} of type A44.", "")
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
        "parse_error": _other(series),
    }


def _other(series: ElementTree.Element) -> str | None:
    """What tells a series apart from the day-ahead auction's; none where nothing does."""
    stated = {name: _text(series, name) for name in DAY_AHEAD}
    apart = [f"{name} {value}" for name, value in stated.items() if value not in (DAY_AHEAD[name], None)]
    return f"no day-ahead price: {', '.join(apart)}" if apart else None


def _spans(series: ElementTree.Element) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The first moments of a series' periods and those after them, where both can be read."""
    for period in _all(series, "Period"):
        start, end = _interval(period)
        if start and end:
            yield start, end


def _interval(period: ElementTree.Element) -> tuple[dt.datetime | None, dt.datetime | None]:
    stated = next(iter(_all(period, "timeInterval")), None)
    if stated is None:
        return None, None
    return _moment(_text(stated, "start")), _moment(_text(stated, "end"))


def _points(period: ElementTree.Element, curve: str | None) -> Iterator[dict[str, object]]:
    """The intervals of a period. A period that cannot be laid out is one row that says why."""
    resolution = _text(period, "resolution")
    start, end = _interval(period)
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
