"""Azure Retail Prices: list prices of N-series virtual machines, on demand, spot and reserved, region by region.

Unit: USD per INSTANCE-hour; a reservation is one price for its whole term of one or three years, whatever its
unitOfMeasure says, and is passed on as such (usd_per_instance_term). No field counts GPUs: instances.py knows what a
size holds, and a size it does not know is passed on under its own name, without a count. Spot is a Consumption price
whose skuName ends in " Spot". effectiveStartDate is Microsoft's own date of a price and may lie ahead.

Windows, Low Priority (retired), Cloud Services, Dev/Test prices and FPGA machines (NP) are not of this family: they are
counted by kind (`census`) and have no row. Pages of a region follow NextPageLink and belong together: one that is
missing fails the region.

Not here: GPU counts and labels themselves (instances.py), prices per hour of a reservation (staging), savings plans
(a preview version of the service alone states them).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sources import json_text
from sources.client import Client
from sources.errors import SourceError
from sources.gpu_rental import instances, list_rows
from sources.payload import Payload
from sources.registry import SourceSpec

# Regions in which the tracker of this repository's embedded Azure prices saw ten or more N-series sizes in 2026-06.
REGIONS = (
    "australiaeast",
    "brazilsouth",
    "canadacentral",
    "centralindia",
    "centralus",
    "eastasia",
    "eastus",
    "eastus2",
    "francecentral",
    "germanywestcentral",
    "indonesiacentral",
    "israelcentral",
    "italynorth",
    "japaneast",
    "jioindiacentral",
    "jioindiawest",
    "koreacentral",
    "koreasouth",
    "malaysiawest",
    "mexicocentral",
    "northcentralus",
    "northeurope",
    "polandcentral",
    "qatarcentral",
    "southafricanorth",
    "southcentralus",
    "southeastasia",
    "spaincentral",
    "swedencentral",
    "switzerlandnorth",
    "uaenorth",
    "uksouth",
    "westeurope",
    "westus",
    "westus2",
    "westus3",
)
WANTED = "serviceName eq 'Virtual Machines' and startswith(armSkuName, 'Standard_N')"
MOST_PAGES = 100
TERMS = {"1 Year": "reserved_1y", "3 Years": "reserved_3y"}
_FPGA = re.compile(r"Standard_NP\d+s")
_LAYOUT = "Compare its layout with sources/gpu_rental/azure_retail.py."


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """One payload per region, its pages as they came; the error of a region that cannot be had whole."""
    for region in REGIONS:
        try:
            yield _region(spec, client, region)
        except SourceError as error:
            yield error


def parse(payload: Payload) -> pl.DataFrame:
    """One row per size, region, kind of price and day it takes effect. Raises SourceError on pages without items."""
    rows = (row for row in _read(payload) if isinstance(row, dict))
    return list_rows.frame(list_rows.one_per_item(rows, "meters of the same offer, lowest price taken"))


def census(payload: Payload) -> dict[str, int]:
    """How many items came, how many are rentals of GPU machines, and how many are not, by kind."""
    kinds = Counter(kind if isinstance(kind, str) else "gpu_rows" for kind in _read(payload))
    unmapped = sum(
        isinstance(row, dict) and row["gpu_count"] is None and not row["parse_error"] for row in _read(payload)
    )
    return {"rows": kinds.total(), **dict(sorted(kinds.items())), "gpu_rows_unmapped": unmapped}


def _region(spec: SourceSpec, client: Client, region: str) -> Payload:
    wanted = f"{WANTED} and armRegionName eq '{region}'"
    answer = client.get(params={"$filter": wanted}, kind="json")
    first, pages = answer, [answer.content]
    asked = set()
    while link := _page(spec.source_id, answer.address, answer.content)["NextPageLink"]:
        if link in asked or len(pages) == MOST_PAGES:
            problem = f"{region} goes round in pages, or beyond {MOST_PAGES} of them ({link})."
            raise SourceError(spec.source_id, problem, _LAYOUT)
        asked.add(link)
        answer = client.get(link, kind="json")
        pages.append(answer.content)
    payload = Payload(
        source_id=spec.source_id,
        origin=first.address,
        content=b'{"pages": [' + b", ".join(pages) + b"]}",
        media_type="application/json",
        observed_on=first.fetched_on,
        metadata={"region": region, "pages": str(len(pages))},
    )
    counted = list_rows.counted(payload, census)
    if counted.metadata["rows"] == "0":
        raise SourceError(spec.source_id, f"{first.address} lists nothing.", "Is the region's name still its name?")
    return counted


def _page(source_id: str, address: str, content: bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    """A page with Items and NextPageLink. Raises SourceError where one is missing, or there are not Count items."""
    try:
        page = content if isinstance(content, Mapping) else json_text.loads(content)
        items, _ = page["Items"], page["NextPageLink"]
        if not isinstance(items, list) or page.get("Count", len(items)) != len(items):
            raise ValueError(f"{page.get('Count')} items are announced, {len(items)} are there")
    except (ValueError, KeyError, TypeError, UnicodeDecodeError, RecursionError) as error:
        problem = f"{address} is no page of prices ({type(error).__name__}: {error})."
        raise SourceError(source_id, problem, _LAYOUT) from error
    return page


def _read(payload: Payload) -> Iterator[list_rows.Row | str]:
    """For every item its contract row, or the kind of thing it is that has none."""
    try:
        pages = json_text.loads(payload.content, parse_float=str, parse_int=str)["pages"]
        found = [_page(payload.source_id, payload.origin, _counted(page)) for page in pages]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SourceError(payload.source_id, f"{payload.origin} is no list of pages ({error}).", _LAYOUT) from error
    place = 0
    for page in found:
        for item in page["Items"]:
            place += 1
            try:
                yield _outside(item) or _row(payload, place, item)
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                yield list_rows.unreadable(place, f"an item of an unknown form ({type(error).__name__}: {error})")


def _counted(page: Any) -> Any:
    """A page whose Count is a number again: figures are read as the text they are written in."""
    return {**page, "Count": int(page["Count"])} if isinstance(page, Mapping) and "Count" in page else page


def _outside(item: Mapping[str, Any]) -> str | None:
    """What an item is that is no rental of a GPU machine with Linux; none where it is one."""
    product, sku, size = item["productName"], item["skuName"], item["armSkuName"]
    if "Windows" in product or product.endswith(" Win"):
        return "rows_windows"
    if "Cloud Services" in product or "CloudServices" in product:
        return "rows_cloud_services"
    if "Low Priority" in sku or "Low Priority" in item["meterName"]:
        return "rows_low_priority"
    if item["type"] == "DevTestConsumption":
        return "rows_dev_test"
    return "rows_fpga" if _FPGA.fullmatch(size) else None


def _row(payload: Payload, place: int, item: Mapping[str, Any]) -> list_rows.Row:
    size = item["armSkuName"]
    gpus = instances.gpus_of("azure", size)
    commitment, unit = _offer(item)
    notes = [f"{item['meterName']}, {item['productName']}"]
    if float(item.get("tierMinimumUnits") or 0) > 0:
        return list_rows.unreadable(place, f"a price from {item['tierMinimumUnits']} units on")
    if gpus is None:
        notes.append("a size instances.csv does not know")
    return list_rows.seen_today(
        payload,
        row_number=place,
        provider_label="azure",
        sku_label=size,
        gpu_label=gpus.gpu_label if gpus else size,
        gpu_memory_gb=gpus.gpu_memory_gb if gpus else None,
        region_label=item["armRegionName"],
        gpu_count=float(gpus.gpu_count) if gpus else None,
        commitment=commitment,
        price=item["retailPrice"],
        price_unit=unit,
        currency=item["currencyCode"],
        valid_from=item["effectiveStartDate"][:10],
        valid_to=(item.get("effectiveEndDate") or "")[:10] or None,
        known_basis="published",
        grade="A",
        citation=payload.origin,
        note="; ".join(notes),
    )


def _offer(item: Mapping[str, Any]) -> tuple[str, str]:
    """Commitment and unit. An hour is the unit of a reservation too, though its price is that of the whole term."""
    if item["type"] == "Reservation":
        term = item["reservationTerm"]
        return (TERMS[term], "usd_per_instance_term") if term in TERMS else ("reserved", f"usd_per_{term}")
    if item["type"] != "Consumption":
        raise ValueError(f"type {item['type']!r}")
    hourly = item["unitOfMeasure"] == "1 Hour"
    unit = "usd_per_instance_hour" if hourly else f"usd_per_{item['unitOfMeasure']}"
    return ("spot" if item["skuName"].endswith(" Spot") else "on_demand"), unit
