"""gpurentalprices.com (CC BY 4.0): some 35 providers' price pages, read daily by a tracker that brings them to one GPU.

Unit: USD per GPU-hour, storage and network left out. A provider whose page could not be read keeps its rows of an
earlier day (up to nine days): such a row counts for the day its page was read (`fetched_at`), so the payload itself
vouches for no day. `secure` (RunPod's own data centres) is entered as on_demand. Prices in other currencies were
converted by the tracker at a rate it does not state. A key may stand twice with two prices.

Two shapes are read. Since 2026-10 an offer may name its instance and region, whether it is in stock, the term of a
reservation (`commitment`), what the price begins at, and the words of its page. A marketplace then has a row for each
node (kind `marketplace`, or `spot`): staging makes one price of them. Google's and Daytona's prices are for the GPU
alone; such rows are passed on as what they are. Amazon's spot prices come from a file that stood still from 2026-07-07
to 10-08 and are refused.

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
    "reserved": "reserved",
    "marketplace": "on_demand",
}
GPU_ALONE = ("gcp", "daytona")  # whose pages price the GPU and bill its machine apart
STANDS_STILL = "https://website.spot.ec2.aws.a2z.com/"
TERMS = {12: "reserved_1y", 36: "reserved_3y"}
_NODE = re.compile(r"Marketplace node (\S+);")
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
    provider, kind, page = offer.get("provider"), offer.get("kind"), offer.get("source_url")
    row = {
        "provider_label": provider,
        "sku_label": _sku(offer.get("instance")),
        "gpu_label": offer.get("gpu"),
        "gpu_memory_gb": offer.get("vram_gb"),
        "region_label": offer.get("region"),
        "gpu_count": offer.get("min_gpus"),
        "commitment": KINDS.get(kind, kind) if isinstance(kind, str) else kind,
        "price": offer.get("usd_hr"),
        "price_unit": list_rows.GPU_WITHOUT_MACHINE if provider in GPU_ALONE else "usd_per_gpu_hour",
        "last_observed": read_on,
        # The file of the day the page was read: the same row carried into a later file is the same observation.
        "citation": _FILE.sub(f"/snapshots/{read_on}.json", origin),
    }
    stated = [f"{name.replace('_', ' ')} {offer[name]}" for name in ("availability", "rate_basis") if offer.get(name)]
    problem, words = _term(offer, row)
    if read_on is None or read_on > file_day:
        problem = f"fetched_at {offer.get('fetched_at')} is no day up to the file's {file_day}"
    elif kind == "spot" and str(page).startswith(STANDS_STILL):
        problem = f"read from {page}, which stands still"
    return {**row, "note": "; ".join([f"read from {page}", *stated, *words]), "parse_error": problem}


def _sku(instance: Any) -> Any:
    """The offer's name; a node of a marketplace is named by its number, so that staging knows it for one."""
    node = _NODE.match(instance) if isinstance(instance, str) else None
    return f"node {node[1]}" if node else instance


def _term(offer: Mapping[str, Any], row: dict[str, Any]) -> tuple[str | None, list[str]]:
    """Writes a reservation's term into the row. Why it cannot be read (or None), and its words for the note."""
    commitment = offer.get("commitment")
    if commitment is None:
        return None, []
    if row["commitment"] != "reserved" or not isinstance(commitment, Mapping):
        return f"a commitment beside kind {offer.get('kind')}: {commitment}", []
    kind, months = commitment.get("type"), commitment.get("months")
    words = [f"term: {commitment[name]}" for name in ("label", "payment") if commitment.get(name)]
    if kind == "term" and isinstance(months, int) and not isinstance(months, bool):
        row |= {"term_months": months, "commitment": TERMS.get(months, "reserved")}
    elif kind != "quote" or months is not None:
        return f"a commitment of an unknown form: {commitment}", []
    return None, words


def _day(stamp: Any) -> str | None:
    """The ISO day a time stamp begins with, or None."""
    try:
        return dt.date.fromisoformat(stamp[:10]).isoformat() if isinstance(stamp, str) else None
    except ValueError:
        return None
