"""Amazon's bulk price list of EC2: on-demand prices of accelerator instances with Linux, region by region.

A region's CSV has hundreds of MB: it is read line by line, and of it the five rows before the header, the header and
the lines of accelerator families are kept; the payload's metadata says how many lines and bytes came and were kept.
Unit: USD per INSTANCE-hour (Chinese regions: CNY, which the contract refuses). There is no spot price here.

Of the kept lines those that are OnDemand, Shared, Linux, Used, without software (NA) and by the hour are rentals; the
others (reserved terms, Windows, dedicated hosts, capacity blocks) are counted by what sets them apart (`census`) and
have no row. The list counts a part of a GPU as 0: instances.py knows what a type holds. A type it does not know is
passed on under its own name with the list's own count, none where that is 0.

EffectiveDate is the first day of the month the list is for, whether or not the price changed then: it stands in the
note, and a price counts from the day it was first seen here.

Not here: canonical names, reserved terms.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.gpu_rental import instances, list_rows
from sources.payload import Payload
from sources.registry import SourceSpec

# A choice of regions: each costs a download of hundreds of MB.
REGIONS = ("us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-1")
LINES_BEFORE_HEADER = 5
ACCELERATED = re.compile(rb'"(?:p|g|gr|dl|trn|inf)\d[a-z0-9-]*\.[a-z0-9-]+"')
_VERSION = re.compile(rb'"Version","(\w{1,40})"')
# What makes a line a rental of this family, in the order in which others are told apart; a column may be missing.
WANTED = {
    "TermType": ("OnDemand",),
    "MarketOption": ("OnDemand",),
    "Tenancy": ("Shared",),
    "Operating System": ("Linux",),
    "CapacityStatus": ("Used",),
    "Pre Installed S/W": ("NA", ""),
    "Unit": ("Hrs",),
}
NEEDS = (
    "TermType",
    "EffectiveDate",
    "Unit",
    "PricePerUnit",
    "Currency",
    "Instance Type",
    "Tenancy",
    "Operating System",
    "CapacityStatus",
    "Pre Installed S/W",
    "GPU",
    "Region Code",
)


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload | SourceError]:
    """One payload per region: what was kept of its list; the error of a region that did not come whole."""
    for region in REGIONS:
        try:
            yield _region(spec, client, region)
        except SourceError as error:
            yield error


def parse(payload: Payload) -> pl.DataFrame:
    """One row per instance type and region. Raises SourceError where the header lacks a column."""
    rows = (row for row in _read(payload) if isinstance(row, dict))
    return list_rows.frame(list_rows.one_per_item(rows, "lines of the same offer, lowest price taken"))


def census(payload: Payload) -> dict[str, int]:
    """How many accelerator lines came, how many are rentals of this family, how many are not, and by what."""
    kinds = Counter(kind if isinstance(kind, str) else "gpu_rows" for kind in _read(payload))
    return {"rows": kinds.total(), **dict(sorted(kinds.items()))}


def _region(spec: SourceSpec, client: Client, region: str) -> Payload:
    path = f"/{region}/index.csv"
    origin = client.base + path
    kept: list[bytes] = []
    lines = size = 0
    for line in client.stream_lines(path):
        lines += 1
        size += len(line) + 1
        if lines == 1 and not line.startswith(b'"FormatVersion"'):
            raise SourceError(spec.source_id, f"{origin} begins with {line[:40]!r}, not with its format.", "")
        if lines <= LINES_BEFORE_HEADER + 1 or ACCELERATED.search(line):
            kept.append(line)
    if len(kept) <= LINES_BEFORE_HEADER + 1:
        problem = f"{origin} has no line of an accelerator family among {lines:,}."
        raise SourceError(spec.source_id, problem, "Compare its layout with sources/gpu_rental/aws_bulk.py.")
    content = b"\n".join(kept) + b"\n"
    payload = Payload(
        source_id=spec.source_id,
        origin=origin,
        content=content,
        media_type="text/csv",
        observed_on=client.today.isoformat(),
        metadata={
            "region": region,
            "lines_received": str(lines),
            "bytes_received": str(size),
            "lines_kept": str(len(kept)),
            "bytes_kept": str(len(content)),
        },
    )
    return list_rows.counted(payload, census)


def _read(payload: Payload) -> Iterator[list_rows.Row | str]:
    """For every kept line its contract row, or what sets it apart from a rental of this family."""
    *before, table = payload.content.split(b"\n", LINES_BEFORE_HEADER)
    version = next((match[1].decode() for line in before if (match := _VERSION.match(line))), "not stated")
    citation = f"{payload.origin} version {version}"
    for number, fields in list_rows.table(payload, table, NEEDS):
        if isinstance(fields, str):
            yield list_rows.unreadable(number, fields)
        else:
            yield _outside(fields) or _row(payload, number, fields, citation)


def _outside(fields: Mapping[str, str]) -> str | None:
    """What sets a line apart from a rental of this family, as a name to count by; none where nothing does."""
    apart = next((name for name, wanted in WANTED.items() if name in fields and fields[name] not in wanted), None)
    return apart and f"rows_other_{apart.lower().replace('/', '').replace(' ', '_')}"


def _row(payload: Payload, number: int, fields: Mapping[str, str], citation: str) -> list_rows.Row:
    name, stated = fields["Instance Type"], fields["GPU"]
    gpus = instances.gpus_of("aws", name)
    count = float(gpus.gpu_count) if gpus else (stated if list_rows.finite(stated) > 0 else None)
    says = f"the list counts {stated} GPUs" if stated and list_rows.finite(stated) != list_rows.finite(count) else None
    unknown = None if gpus else "a type instances.csv does not know"
    return list_rows.seen_today(
        payload,
        row_number=number,
        provider_label="aws",
        sku_label=name,
        gpu_label=gpus.gpu_label if gpus else name,
        gpu_memory_gb=gpus.gpu_memory_gb if gpus else None,
        region_label=fields["Region Code"],
        gpu_count=count,
        commitment="on_demand",
        price=fields["PricePerUnit"],
        price_unit="usd_per_instance_hour",
        currency=fields["Currency"],
        grade="A",
        citation=citation,
        note="; ".join(part for part in (f"effective {fields['EffectiveDate']}", unknown, says) if part),
    )
