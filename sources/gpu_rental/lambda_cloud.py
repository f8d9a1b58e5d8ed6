"""Lambda: list prices of its instance types, on demand, from its own interface.

Unit: CENTS per INSTANCE-hour (`price_cents_per_hour`), passed on as that; staging divides. A type has one price in
every region, so rows name none: which regions have capacity is no price. The GPU's memory stands in its description
("H100 (80 GB SXM5)"). A type without a GPU is rejected for its count of zero.

Not here: canonical names, reserved terms (not in the interface).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.gpu_rental import list_rows
from sources.payload import Payload
from sources.registry import SourceSpec

KEY = "LAMBDA_API_KEY"
_MEMORY = re.compile(r"\((\d+) GB\b")


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """Every instance type. Raises SourceError without a key."""
    headers = {"Authorization": f"Bearer {client.secret(KEY)}"}
    response = client.get("/instance-types", headers=headers, kind="json")
    payload = response.payload(spec.source_id)
    _types(payload)
    yield payload


def parse(payload: Payload) -> pl.DataFrame:
    """One row per instance type."""
    return list_rows.numbered(payload, (_row(name, item) for name, item in _types(payload).items()), grade="A")


def _types(payload: Payload) -> Mapping[str, Any]:
    found = list_rows.part(list_rows.document(payload), dict, "object", payload)
    types: Mapping[str, Any] = list_rows.part(found.get("data"), dict, "data", payload)
    return types


def _row(name: str, item: Any) -> dict[str, Any]:
    stated = item.get("instance_type") if isinstance(item, Mapping) else None
    specs = stated.get("specs") if isinstance(stated, Mapping) else None
    if not isinstance(stated, Mapping) or not isinstance(specs, Mapping):
        return {"sku_label": name, "parse_error": "an instance type without its specs"}
    gpu = stated.get("gpu_description")
    memory = _MEMORY.search(gpu) if isinstance(gpu, str) else None
    return {
        "provider_label": "lambda",
        "sku_label": name,
        "gpu_label": gpu,
        "gpu_memory_gb": memory.group(1) if memory else None,
        "gpu_count": specs.get("gpus"),
        "commitment": "on_demand",
        "price": stated.get("price_cents_per_hour"),
        "price_unit": "usc_per_instance_hour",
        "note": stated.get("description"),
    }
