"""Vast.ai: offers of other people's machines, one row per offer and way of renting it.

Unit: USD per hour of the whole OFFER, whatever its number of GPUs. `dph_base` is the GPUs' price; `dph_total` adds a
disk of the size asked about and is not used. `min_bid` is the lowest bid that would run now: the offer's spot price.
`gpu_frac` is the offer's share of its machine's GPUs (1 of 4 is 0.25), not a part of one GPU.

`gpu_ram` is in MiB and stands here over 1024, since the contract states gigabytes. The offer's name carries its host,
its machine and its own number, so that staging can count a host once. Offers are asks, not transactions.

Not here: which offers make a price of the marketplace (stg_gpu_rental__vast.sql), canonical names.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.gpu_rental import list_rows
from sources.payload import Payload
from sources.registry import SourceSpec

MOST_OFFERS = 3000
KEY = "VAST_API_KEY"
# Sorted by number, not by price: where an answer were cut unnoticed, what is left would be no cheaper than the rest.
QUESTION: dict[str, Any] = {
    "type": "on-demand",
    "verified": {"eq": True},
    "rentable": {"eq": True},
    "rented": {"eq": False},
    "external": {"eq": False},
    "order": [["id", "asc"]],
    "limit": MOST_OFFERS,
}
PRICES = (("dph_base", "on_demand"), ("min_bid", "spot"))


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """Every verified offer that could be rented now. Raises SourceError where the answer may have been cut."""
    headers = {"Authorization": f"Bearer {client.secret(KEY)}"} if os.environ.get(KEY) else {}
    response = client.post(json=QUESTION, headers=headers)
    payload = response.payload(spec.source_id)
    count = len(_offers(payload))
    if count >= MOST_OFFERS:
        problem = f"{response.address} gave {count:,} offers, as many as were asked for: there may be more."
        raise SourceError(spec.source_id, problem, f"Raise MOST_OFFERS in {__name__}.")
    yield payload


def parse(payload: Payload) -> pl.DataFrame:
    """Two rows an offer: rented until given back, and the lowest bid. A bid of 0 or null is none and has no row."""
    return list_rows.numbered(payload, (row for offer in _offers(payload) for row in _rows(offer)), grade="A")


def _offers(payload: Payload) -> list[Any]:
    found = list_rows.part(list_rows.document(payload), dict, "object", payload)
    offers: list[Any] = list_rows.part(found.get("offers"), list, "offers", payload)
    return offers


def _rows(offer: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(offer, Mapping):
        yield {"parse_error": "an offer that is no object"}
        return
    memory = list_rows.number(offer.get("gpu_ram"))
    common = {
        "provider_label": "vast",
        "sku_label": f"host {offer.get('host_id')}, machine {offer.get('machine_id')}, offer {offer.get('id')}",
        "gpu_label": offer.get("gpu_name"),
        "gpu_memory_gb": offer.get("gpu_ram") if memory is None else memory / 1024,
        "region_label": offer.get("geolocation"),
        "gpu_count": offer.get("num_gpus"),
        "price_unit": "usd_per_instance_hour",
        "note": f"verification {offer.get('verification')}, reliability {offer.get('reliability')}",
    }
    for field, commitment in PRICES:
        if field not in offer:
            yield {**common, "commitment": commitment, "parse_error": f"no field {field}"}
        elif field == "dph_base" or offer[field] not in (0, None):
            yield {**common, "commitment": commitment, "price": offer[field]}
