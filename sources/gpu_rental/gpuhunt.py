"""gpuhunt (dstack, MPL-2.0 code): daily catalogues of cloud machines with and without GPUs, one archive per provider.

Each provider has an address of its version and one of the archive of that version, which holds `<provider>.csv`. Unit:
USD per INSTANCE-hour. The version begins with the day on which dstack asked the provider; that day counts as observed,
so a provider whose collection stopped grows old here too.

It counts a part of a GPU as one: what instances.csv knows of a machine of Amazon or Azure goes first.

Rows without GPUs are not of this family: they are counted (`census`) and have no row. A GPU named with a count of zero
is passed on and refused by the contract.

Not here: canonical names; the package itself, which is no dependency (tests read the same catalogue with it by hand).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.gpu_rental import list_rows
from sources.gpu_rental.machine import held
from sources.payload import Payload
from sources.registry import SourceSpec
from sources.unpack import unzip

# The providers whose catalogues dstack publishes (gpuhunt 0.1.34); the others it asks directly, with our connectors.
PROVIDERS = ("aws", "azure", "verda", "gcp", "lambdalabs", "nebius", "oci", "runpod", "cloudrift")
NEEDS = ("instance_name", "location", "price", "gpu_count", "gpu_name", "gpu_memory", "spot")
# RunPod's clusters bear the name of its single machines at another price; this flag tells them apart.
CLUSTER_FLAG = "runpod-cluster"
_VERSION = re.compile(r"(20\d{6})(-\d+)?")
_COUNTRY = re.compile(r"[A-Z]{2}")


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """One archive per provider, as it came; the error of a provider whose catalogue cannot be had."""
    for provider in PROVIDERS:
        try:
            yield _catalogue(spec, client, provider)
        except SourceError as error:
            yield error


def parse(payload: Payload) -> pl.DataFrame:
    """One row per machine, location and kind of price. Raises SourceError where the archive or its CSV is damaged."""
    rows = (row for _, row in _read(payload) if row is not None)
    return list_rows.frame(list_rows.one_per_item(rows, "rows of the same offer, lowest price taken"))


def census(payload: Payload) -> dict[str, int]:
    """How many rows came, how many of them name a GPU, and how many are machines without one."""
    kinds = [row is not None for _, row in _read(payload)]
    return {"rows": len(kinds), "gpu_rows": sum(kinds), "rows_without_gpu": len(kinds) - sum(kinds)}


def _catalogue(spec: SourceSpec, client: Client, provider: str) -> Payload:
    stated = client.get(f"/{provider}/version")
    version = stated.content.decode("ascii", "replace").strip()
    match = _VERSION.fullmatch(version)
    if not match:
        raise SourceError(
            spec.source_id,
            f"the version of {provider} is {version[:40]!r}, which begins with no day.",
            "Compare its layout with sources/gpu_rental/gpuhunt.py.",
        )
    day = _day(spec.source_id, match[1], stated.fetched_on)
    answer = client.get(f"/{provider}/{version}/catalog.zip", kind="zip")
    payload = Payload(
        source_id=spec.source_id,
        origin=answer.address,
        content=answer.content,
        media_type="application/zip",
        observed_on=day,
        metadata={**answer.headers, "provider": provider, "version": version},
    )
    return list_rows.counted(payload, census)


def _day(source_id: str, digits: str, fetched_on: str) -> str:
    try:
        day = dt.datetime.strptime(digits, "%Y%m%d").date().isoformat()
    except ValueError as error:
        raise SourceError(source_id, f"version {digits} is no day.", "") from error
    if day > fetched_on:
        raise SourceError(source_id, f"version {digits} lies after the day it was asked for.", "Is the clock right?")
    return day


def _read(payload: Payload) -> Iterator[tuple[int, list_rows.Row | None]]:
    """Every row of the CSV: its place, and its contract row where it names a GPU."""
    provider = payload.metadata.get("provider", "")
    files = unzip(payload.content, payload.source_id)
    content = files.get(f"{provider}.csv")
    if content is None:
        named = ", ".join(sorted(files)[:5]) or "nothing"
        raise SourceError(payload.source_id, f"{payload.origin} holds {named}, not {provider}.csv.", "")
    for number, fields in list_rows.table(payload, content, NEEDS):
        if isinstance(fields, str):
            yield number, list_rows.unreadable(number, fields)
        else:
            yield number, _row(payload, provider, number, fields)


def _row(payload: Payload, provider: str, number: int, fields: Mapping[str, str]) -> list_rows.Row | None:
    if not fields["gpu_name"] and list_rows.finite(fields["gpu_count"]) == 0:
        return None
    spot = fields["spot"].lower()
    if spot not in ("true", "false"):
        return list_rows.unreadable(number, f"spot is {fields['spot']!r}, neither True nor False")
    machine = held(
        provider, fields["instance_name"], fields["gpu_name"], fields["gpu_count"], fields["gpu_memory"] or None
    )
    is_cluster = CLUSTER_FLAG in fields.get("flags", "").split()
    return list_rows.seen_today(
        payload,
        row_number=number,
        provider_label=provider,
        sku_label=fields["instance_name"] + (" (cluster)" if is_cluster else ""),
        gpu_label=machine.gpu_label,
        gpu_memory_gb=machine.gpu_memory_gb,
        region_label=fields["location"],
        gpu_count=machine.gpu_count,
        commitment=_commitment(provider, fields["location"], spot == "true"),
        price=fields["price"],
        price_unit="usd_per_instance_hour",
        grade="B",
        citation=f"{payload.origin} {provider}.csv",
        note=machine.note,
    )


def _commitment(provider: str, location: str, is_spot: bool) -> str:
    """RunPod's own data centres are named, the machines of third parties bear a country alone."""
    if is_spot:
        return "spot"
    return "community" if provider == "runpod" and _COUNTRY.fullmatch(location) else "on_demand"
