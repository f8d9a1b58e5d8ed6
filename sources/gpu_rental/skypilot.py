"""SkyPilot's catalogue (Apache-2.0): machines of some twenty clouds, one CSV per cloud, columns in an order of its own.

Unit: USD per INSTANCE-hour, but for Google: there GPUs have rows without a machine and machines have rows without
their GPUs, and the two are added where a machine is rented. Such a GPU row is passed on as what it is, the price of
the GPUs alone. Every row may state two prices, on demand and spot. An empty one is no offer and has no row; 0.00 is
passed on and refused by the contract (every spot price of Vast, some H100 machines of Azure).

The count of GPUs has been wrong (a third of an A10 as one, 12 for 8 H100): what instances.csv knows of a machine of
Amazon or Azure goes first.

Zones of a region repeat its machines: they become one row with the lowest price, the range where they differ, and
their number. Vast's price is the median of its offers of a kind. Rows without an accelerator are not of this family:
they are counted (`census`) and have no row.

GpuInfo.MemoryInfo.SizeInMiB means different things: the memory of one GPU for most, of all together for some, and for
some it is in GB. What it means was read in the programs that write these files (skypilot 0.14.1,
catalog/data_fetchers), where there is none in the files; where it is not known the memory is left out.

Not here: canonical names, what "A100" without memory or "H100" without form may be.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sources import json_text
from sources.client import Client
from sources.errors import SourceError
from sources.gpu_rental import list_rows
from sources.gpu_rental.machine import held
from sources.payload import Payload
from sources.registry import SourceSpec

CLOUDS = (
    "aws",
    "azure",
    "cudo",
    "do",
    "fluidstack",
    "gcp",
    "hyperbolic",
    "hyperstack",
    "jarvislabs",
    "lambda",
    "lium",
    "mithril",
    "nebius",
    "oci",
    "paperspace",
    "primeintellect",
    "runpod",
    "seeweb",
    "shadeform",
    "spheron",
    "vast",
    "verda",
    "yotta",
)
NEEDS = ("InstanceType", "AcceleratorName", "AcceleratorCount", "Price", "Region")
MIB_OF_ONE = (
    "aws",
    "cudo",
    "fluidstack",
    "gcp",
    "hyperbolic",
    "hyperstack",
    "jarvislabs",
    "lambda",
    "lium",
    "mithril",
    "nebius",
    "spheron",
    "verda",
    "yotta",
)
MIB_OF_ALL = ("primeintellect", "vast")
GB_OF_ONE = ("runpod", "shadeform")


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """One CSV per cloud, as it came; the error of a cloud whose file cannot be had."""
    for cloud in CLOUDS:
        try:
            answer = client.get(f"/{cloud}/vms.csv", kind="csv")
            payload = Payload(
                source_id=spec.source_id,
                origin=answer.address,
                content=answer.content,
                media_type="text/csv",
                observed_on=answer.fetched_on,
                metadata={**answer.headers, "cloud": cloud},
            )
            yield list_rows.counted(payload, census)
        except SourceError as error:
            yield error


def parse(payload: Payload) -> pl.DataFrame:
    """One row per machine, region and kind of price. Raises SourceError where the CSV lacks a column or a record."""
    rows = (row for rows in _read(payload) for row in rows or ())
    return list_rows.frame(list_rows.one_per_item(rows, "rows of the region (zones), lowest price taken"))


def census(payload: Payload) -> dict[str, int]:
    """How many rows came, how many name an accelerator, and how many are machines without one."""
    kinds = [rows is not None for rows in _read(payload)]
    return {"rows": len(kinds), "gpu_rows": sum(kinds), "rows_without_gpu": len(kinds) - sum(kinds)}


def _read(payload: Payload) -> Iterator[list[list_rows.Row] | None]:
    """For every row of the CSV its contract rows, none where it names no accelerator."""
    cloud = payload.metadata["cloud"]
    for number, fields in list_rows.table(payload, payload.content, NEEDS):
        if isinstance(fields, str):
            yield [list_rows.unreadable(number, fields)]
        elif not fields["AcceleratorName"]:
            yield None
        else:
            yield _rows(payload, cloud, number, fields)


def _rows(payload: Payload, cloud: str, number: int, fields: Mapping[str, str]) -> list[list_rows.Row]:
    try:
        memory = _memory_gb(cloud, fields.get("GpuInfo", ""), list_rows.finite(fields["AcceleratorCount"]))
    except (ValueError, SyntaxError, LookupError, TypeError, RecursionError, MemoryError) as error:
        return [list_rows.unreadable(number, f"GpuInfo has an unknown form ({type(error).__name__}: {error})")]
    offers = [
        (commitment, price)
        for commitment, column in ((_on_demand(cloud, fields["InstanceType"]), "Price"), ("spot", "SpotPrice"))
        if (price := fields.get(column))
    ]
    if not offers:
        return [list_rows.unreadable(number, "an accelerator without any price")]
    machine = held(cloud, fields["InstanceType"], fields["AcceleratorName"], fields["AcceleratorCount"], memory)
    return [
        list_rows.seen_today(
            payload,
            row_number=number,
            provider_label=cloud,
            sku_label=fields["InstanceType"] or None,
            gpu_label=machine.gpu_label,
            gpu_memory_gb=machine.gpu_memory_gb,
            region_label=fields["Region"] or None,
            gpu_count=machine.gpu_count,
            commitment=commitment,
            price=price,
            price_unit="usd_per_instance_hour" if fields["InstanceType"] else list_rows.GPU_WITHOUT_MACHINE,
            grade="B",
            citation=payload.origin,
            note=machine.note,
        )
        for commitment, price in offers
    ]


def _on_demand(cloud: str, instance_type: str) -> str:
    return "community" if cloud == "runpod" and instance_type.endswith("_COMMUNITY") else "on_demand"


def _memory_gb(cloud: str, gpu_info: str, count: float) -> float | None:
    """Memory of one GPU as GpuInfo states it: a dictionary, written by Python or as JSON, or the GPU's bare name."""
    if not gpu_info.startswith("{") or cloud not in (*MIB_OF_ONE, *MIB_OF_ALL, *GB_OF_ONE):
        return None
    stated = _dictionary(gpu_info)
    size = stated["Gpus"][0].get("MemoryInfo", {}).get("SizeInMiB")
    if not size:
        return None
    if cloud in GB_OF_ONE:
        return float(size)
    if cloud in MIB_OF_ONE:
        return float(size) / 1024
    return float(size) / 1024 / count if cloud in MIB_OF_ALL and count >= 1 else None


def _dictionary(text: str) -> Any:
    """GpuInfo as it was written: JSON, JSON with its quotes made single, or a Python dictionary."""
    for written in (text, text.replace("'", '"')):
        try:
            return json_text.loads(written)
        except json.JSONDecodeError:
            continue
    return ast.literal_eval(text)
