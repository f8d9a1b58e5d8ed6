"""A user's own file into landing: bought data, a rate card, a quote, under the family's contract like any publisher.

The source is registered in the home (`sources/<family>/<source_id>.yml`), its file kept as it came, every row
accepted or rejected. The same file again changes nothing; a newer file of the same source stands beside the older one
and restates it; the same file under another mapping is read again. Not here: what a mapping says (sources/mapping.py),
rows out of a file (sources/loaded.py), showing the outcome (pipelines/cli/load_report.py).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from pipelines.home import lock
from pipelines.home.places import Home
from pipelines.landing import intake
from pipelines.landing.unmapped import unknown_names
from sources import clock, loaded, tabular
from sources.errors import RequestError, SourceError
from sources.mapping import FileFormat, FileMapping, MappingError, identity, read
from sources.payload import Payload
from sources.registry import SourceSpec, all_sources, home_sources

RESERVED = (
    "seen",
    "rejected",
    "source_catalog",
    "captures",
    "portion",
    "price_unit",
    "correction",
    "correction_match",
)


class LoadError(RequestError):
    """The file cannot be loaded as asked; the text says why and what to do."""


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of one source of a file. `rejected` holds them with field, rule and value.

    `status`: new, restated (beside earlier files of the source), read again (another mapping), already loaded,
    checked (a dry run) or failed, with the reason in `message`.
    """

    source_id: str
    status: str
    file_rows: int
    received: int
    accepted: int
    rejected: pl.DataFrame
    unknown_names: dict[str, list[tuple[str, int]]]
    message: str = ""


@dataclass(frozen=True)
class Report:
    """A whole load: its sources, file columns nobody read, and what was met on the way."""

    file: str
    outcomes: list[Outcome]
    unused: list[str]
    remarks: list[str]


def load(
    home: Home, family: str, path: Path, source_id: str, map_path: Path | None, day: dt.date | None, dry_run: bool
) -> Report:
    """Load one file; `day` is the day it counts as known on, today where not given. A dry run writes nothing.

    Raises LoadError, MappingError or SourceError where nothing of it can be loaded, AlreadyRunning while a refresh
    builds.
    """
    _check_name(home, family, source_id)
    content = _bytes(path)
    mapping = _mapping(map_path, content, path.name, source_id, family)
    table = tabular.read(content, path.name, mapping.file)
    day = day or clock.today()
    values: list[str | None] = [*loaded.parts(table, mapping)] if mapping.split_by else [None]
    named = {f"{source_id}_{loaded.slug(v)}" if v is not None else source_id: v for v in values}
    if len(named) < len(values):
        raise LoadError(f"two values of {mapping.split_by!r} would name one source: {', '.join(map(str, values))}.")
    unread = sorted(set(table.columns) - mapping.file_columns)
    pairs = []
    for name, part in named.items():
        _check_name(home, family, name)
        spec = _spec(name, family, mapping, part)
        pairs.append((spec, loaded.payload(name, path.name, content, family, mapping, part, day)))
    if dry_run:
        return Report(path.name, [_checked(*pair) for pair in pairs], unread, table.remarks)
    home.ensure()
    with lock.held(home):
        return Report(path.name, [_landed(home, *pair) for pair in pairs], unread, table.remarks)


def _check_name(home: Home, family: str, source_id: str) -> None:
    if family not in loaded.FAMILIES:
        raise LoadError(f"{family!r} is no family that files load into. Allowed: {', '.join(loaded.FAMILIES)}.")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", source_id):
        raise LoadError(f"--source {source_id!r}: a name is a small letter, then small letters, digits and _.")
    if source_id in all_sources() or source_id in RESERVED or source_id.startswith("loaded_") or "__" in source_id:
        raise LoadError(f"--source {source_id!r} is rackhour's own. Choose another name, such as my_{source_id}.")
    there = home_sources(home.sources).get(source_id)
    if there and there.family != family:
        raise LoadError(f"--source {source_id!r} holds {there.family} here already. Choose another name.")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LoadError(f"{path} cannot be read ({error.strerror}).") from error


def _mapping(map_path: Path | None, content: bytes, name: str, source_id: str, family: str) -> FileMapping:
    contract = loaded.contract_of(family)
    if map_path is None:
        return identity(tabular.read(content, name, FileFormat()).columns, name, source_id, contract)
    try:
        text = _bytes(map_path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MappingError(f"{map_path.name} is not UTF-8 (byte {error.start}).") from error
    return read(text, map_path.name, contract)


def _spec(source_id: str, family: str, mapping: FileMapping, part: str | None) -> SourceSpec:
    facts = mapping.facts_of(part)
    return SourceSpec(
        source_id=source_id,
        family=family,
        connector="loaded",
        payloads="append",
        shape=mapping.shape,
        capture_group=mapping.capture_group_of(part),
        **facts.model_dump(exclude={"citation"}),
    )


def _checked(spec: SourceSpec, payload: Payload) -> Outcome:
    outcome = spec.load_contract().validate(loaded.parse(payload), spec.source_id)
    return _outcome(spec, "checked", outcome.accepted, outcome.rejected)


def _landed(home: Home, spec: SourceSpec, payload: Payload) -> Outcome:
    """Land and register one source; a source of which no row can be taken is told, and the others go on."""
    place = home.landing / spec.family / spec.source_id / payload.sha256
    before = intake.good_payloads(spec, home)
    known = home_sources(home.sources).get(spec.source_id)
    status = "restated" if before else "new"
    if place in before:
        stated = json.loads((place / "payload.json").read_text(encoding="utf-8"))["metadata"]
        same = stated.get("mapping") == payload.metadata["mapping"] and known == spec
        status = "already loaded" if same else "read again"
        if not same:
            # The file was known since it first came; only its reading changes.
            payload = _dated(payload, stated["loaded_on"])
    if status != "already loaded":
        try:
            intake.land_payloads(spec, home, [payload])
        except SourceError as error:
            return _outcome(spec, "failed", None, None, str(error))
        _register(home, spec)
    accepted = pl.read_parquet(place / "accepted.parquet")
    return _outcome(spec, status, accepted, pl.read_parquet(place / "rejected.parquet"))


def _dated(payload: Payload, day: str) -> Payload:
    metadata = {**payload.metadata, "loaded_on": day}
    return Payload(payload.source_id, payload.origin, payload.content, payload.media_type, metadata=metadata)


def _register(home: Home, spec: SourceSpec) -> None:
    """What the source is, where every later build finds it; whole or not at all."""
    path = home.sources / spec.family / f"{spec.source_id}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    entry: dict[str, Any] = spec.model_dump(mode="json", exclude={"source_id", "family"}, exclude_defaults=True)
    draft = path.with_name(path.name + ".tmp")
    draft.write_text("# Written by `rackhour load`.\n" + yaml.safe_dump(entry, sort_keys=True), encoding="utf-8")
    draft.replace(path)


def _outcome(
    spec: SourceSpec, status: str, accepted: pl.DataFrame | None, rejected: pl.DataFrame | None, message: str = ""
) -> Outcome:
    taken = accepted if accepted is not None else spec.load_contract().empty()
    refused = rejected if rejected is not None else taken.clear()
    numbers = pl.concat([taken["row_number"], refused["row_number"]])
    unknown = unknown_names(spec, taken)
    height = taken.height + refused.height
    return Outcome(spec.source_id, status, numbers.n_unique(), height, taken.height, refused, unknown, message)
