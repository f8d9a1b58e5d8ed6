"""RunPod: list prices of a GPU in its own data centres (secure), at its hosts (community) and in clusters.

Unit: USD per GPU-hour, from the GraphQL list `gpuTypes`. 0 or null means not offered and has no row. A price that
stands beside a cloud marked false is not offered either (MI300X at 0.50 in a community cloud it is not in): it is
rejected with that reason. `lowestPrice` is not read: it may be a whole pod's price (11.12 beside 1.39 for one GPU).

Not here: canonical names, prices for a term (their unit is not documented).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.gpu_rental import list_rows
from sources.payload import Payload
from sources.registry import SourceSpec


class Price(NamedTuple):
    """A price field: which cloud it is of, the flag that says whether that cloud has the GPU, what it binds to."""

    field: str
    cloud: str
    flag: str | None
    commitment: str


PRICES = (
    Price("securePrice", "secure", "secureCloud", "on_demand"),
    Price("communityPrice", "community", "communityCloud", "community"),
    Price("clusterPrice", "cluster", None, "on_demand"),
    Price("secureSpotPrice", "secure", "secureCloud", "spot"),
    Price("communitySpotPrice", "community", "communityCloud", "spot"),
)
FIELDS = ("id", "displayName", "memoryInGb", "secureCloud", "communityCloud", *[price.field for price in PRICES])
QUESTION = f"query {{ gpuTypes {{ {' '.join(FIELDS)} }} }}"


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """The list of GPU types. Raises SourceError where the service answers with errors (a field it no longer knows)."""
    response = client.post(json={"query": QUESTION})
    payload = response.payload(spec.source_id)
    _types(payload)
    yield payload


def parse(payload: Payload) -> pl.DataFrame:
    """One row per GPU type and price that is offered."""
    return list_rows.numbered(payload, (row for gpu in _types(payload) for row in _rows(gpu)), grade="A")


def _types(payload: Payload) -> list[Any]:
    found = list_rows.part(list_rows.document(payload), dict, "object", payload)
    if found.get("errors"):
        raise SourceError(payload.source_id, f"{payload.origin} answers with errors: {found['errors']}.", "")
    data = list_rows.part(found.get("data"), dict, "data", payload)
    types: list[Any] = list_rows.part(data.get("gpuTypes"), list, "gpuTypes", payload)
    return types


def _rows(gpu: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(gpu, Mapping):
        yield {"parse_error": "a GPU type that is no object"}
        return
    common = {
        "provider_label": "runpod",
        "gpu_label": gpu.get("id"),
        "gpu_memory_gb": gpu.get("memoryInGb"),
        "price_unit": "usd_per_gpu_hour",
        "note": f"shown as {gpu.get('displayName')}",
    }
    if not any(price.field in gpu for price in PRICES):
        yield {**common, "parse_error": "no price field that is known"}
    for price in PRICES:
        stated = gpu.get(price.field)
        if stated in (0, None):
            continue
        row = {**common, "sku_label": price.cloud, "commitment": price.commitment, "price": stated}
        if price.flag and gpu.get(price.flag) is False:
            row["parse_error"] = f"{price.field} {stated} beside {price.flag} false: not offered"
        yield row
