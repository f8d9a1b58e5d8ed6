"""gpurentalprices.com (CC BY 4.0): 34 providers' price pages, read once a day and brought to one GPU by the tracker.

Unit: USD per GPU-hour, storage and network left out. A provider whose page could not be read keeps its rows of an
earlier day (up to nine days): such a row counts for the day its page was read (`fetched_at`), so the payload itself
vouches for no day. `secure` (RunPod's own data centres) is entered as on_demand. Prices in other currencies were
converted by the tracker at a rate it does not state. A key may stand twice with two prices.

Not here: the history recorded before (gpu_rates_gpurentalprices) and how the two meet (dbt_project, staging).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sources.client import Client, Response
from sources.errors import SourceError
from sources.gpu_rental import list_rows
from sources.payload import Payload
from sources.registry import SourceSpec

KINDS = {
    "secure": "on_demand",
    "on-demand": "on_demand",
    "spot": "spot",
    "community": "community",
    "serverless": "serverless",
}


NO_FILE = "answered 404"
_FILE = re.compile(r"/(latest|snapshots/[^/]*)\.json$")


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """The latest day's file. Raises SourceError where it is not one."""
    yield _payload(spec, client.get("/latest.json", kind="json"))


def fetch_range(spec: SourceSpec, client: Client, first: dt.date, last: dt.date) -> Iterator[Payload | SourceError]:
    """The files of past days, both ends included.

    The tracker wrote none on some days (2026-07-08): a day without a file is left out, a day that cannot be read is an
    error of its own. Raises SourceError where no day of the range has a file.
    """
    day, found = first, 0
    while day <= last:
        try:
            yield _payload(spec, client.get(f"/snapshots/{day}.json", kind="json"))
            found += 1
        except SourceError as error:
            if NO_FILE not in error.problem:
                found += 1
                yield error
        day += dt.timedelta(days=1)
    if not found:
        problem = f"{client.base}/snapshots has no file between {first} and {last}."
        raise SourceError(spec.source_id, problem, "The mirror keeps recent days; the site has the whole history.")


def parse(payload: Payload) -> pl.DataFrame:
    """One row per offer in the file, dated by the day its provider's page was read."""
    found = _document(payload)
    rows = (_row(offer, str(found["date"]), payload.origin) for offer in found["offers"])
    return list_rows.numbered(payload, rows, grade="B")


def _payload(spec: SourceSpec, response: Response) -> Payload:
    payload = Payload(
        source_id=spec.source_id,
        origin=response.address,
        content=response.content,
        media_type="application/json",
        observed_on=None,
        metadata=response.headers,
    )
    _document(payload)
    return payload


def _document(payload: Payload) -> Mapping[str, Any]:
    found: Mapping[str, Any] = list_rows.part(list_rows.document(payload), dict, "object", payload)
    list_rows.part(found.get("offers"), list, "offers", payload)
    if _day(found.get("date")) is None:
        raise SourceError(payload.source_id, f"{payload.origin} has no date.", "A payload of prices needs its day.")
    return found


def _row(offer: Any, file_day: str, origin: str) -> dict[str, Any]:
    if not isinstance(offer, Mapping):
        return {"parse_error": "an offer that is no object"}
    read_on = _day(offer.get("fetched_at"))
    kind = offer.get("kind")
    row = {
        "provider_label": offer.get("provider"),
        "gpu_label": offer.get("gpu"),
        "gpu_memory_gb": offer.get("vram_gb"),
        "gpu_count": offer.get("min_gpus"),
        "commitment": KINDS.get(kind, kind) if isinstance(kind, str) else kind,
        "price": offer.get("usd_hr"),
        "price_unit": "usd_per_gpu_hour",
        "last_observed": read_on,
        # The file of the day the page was read: the same row carried into a later file is the same observation.
        "citation": _FILE.sub(f"/snapshots/{read_on}.json", origin),
        "note": f"read from {offer.get('source_url')}",
    }
    if read_on is None or read_on > file_day:
        row["parse_error"] = f"fetched_at {offer.get('fetched_at')} is no day up to the file's {file_day}"
    return row


def _day(stamp: Any) -> str | None:
    """The ISO day a time stamp begins with, or None."""
    try:
        return dt.date.fromisoformat(stamp[:10]).isoformat() if isinstance(stamp, str) else None
    except ValueError:
        return None
