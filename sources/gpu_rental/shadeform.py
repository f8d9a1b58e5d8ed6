"""Shadeform: instance types of some twenty clouds behind one interface, each at the price its cloud asks.

Unit: CENTS per INSTANCE-hour (`hourly_price`), passed on as that; staging divides. The seller is the cloud, so the
cloud is the provider; Shadeform only names it. One row per type and region it is listed in, in stock or not. The
instance's name carries how its GPUs are connected, which tells SXM from PCIe where the GPU's name does not, and how it
is deployed where it is no virtual machine: a container and bare metal of one type are two offers.

Not here: canonical names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.gpu_rental import list_rows
from sources.payload import Payload
from sources.registry import SourceSpec

KEY = "SHADEFORM_API_KEY"


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """Every instance type of every cloud. Raises SourceError without a key."""
    response = client.get("/instances/types", headers={"X-API-KEY": client.secret(KEY)}, kind="json")
    payload = response.payload(spec.source_id)
    _types(payload)
    yield payload


def parse(payload: Payload) -> pl.DataFrame:
    """One row per instance type and region; a type that names no region has one row without."""
    return list_rows.numbered(payload, (row for item in _types(payload) for row in _rows(item)), grade="B")


def _types(payload: Payload) -> list[Any]:
    found = list_rows.part(list_rows.document(payload), dict, "object", payload)
    types: list[Any] = list_rows.part(found.get("instance_types"), list, "instance_types", payload)
    return types


def _rows(item: Any) -> Iterator[dict[str, Any]]:
    machine = item.get("configuration") if isinstance(item, Mapping) else None
    if not isinstance(item, Mapping) or not isinstance(machine, Mapping):
        yield {"parse_error": "an instance type without its configuration"}
        return
    deployment = item.get("deployment_type")
    names = (
        item.get("shade_instance_type"),
        item.get("cloud_instance_type"),
        machine.get("interconnect"),
        None if deployment == "vm" else deployment,
    )
    row = {
        "provider_label": item.get("cloud"),
        "sku_label": " / ".join(str(name) for name in names if name),
        "gpu_label": machine.get("gpu_type"),
        "gpu_memory_gb": machine.get("vram_per_gpu_in_gb"),
        "gpu_count": machine.get("num_gpus"),
        "commitment": "on_demand",
        "price": item.get("hourly_price"),
        "price_unit": "usc_per_instance_hour",
        "note": f"deployed as {item.get('deployment_type')}",
    }
    listed = item.get("availability") or [{}]
    if not isinstance(listed, list) or not all(isinstance(place, Mapping) for place in listed):
        yield {**row, "parse_error": "availability is no list of regions"}
        return
    for place in listed:
        yield {**row, "region_label": place.get("region")}
