"""genai-prices (Pydantic, MIT): list prices of some 2,300 models at 47 providers, with dated changes.

Offline the payload is the bytes of the package's data module, read as data and never executed; live it is the same
data as JSON. Unit: USD per million tokens.

Dates. A record with a start date holds from that day and became public knowledge with it (a future one: with the
release that announces it). A record without one holds on the day of the release; where dated records follow it,
on the day before the first of them: its true start lies earlier and is not known, and no date is invented.

Not here: units other than tokens (they are passed on and rejected by the contract), canonical names.
"""

from __future__ import annotations

import ast
import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from typing import Any

import polars as pl

from sources.client import Client
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec

PACKAGE = "genai-prices"
DATA_MODULE = "genai_prices/data.py"
# Day on which the package index shows each release as uploaded (UTC). A release not listed here is dated by nobody,
# so it is refused: add its day when the pin moves.
RELEASED_ON = {"0.2.3": "2026-11-10"}
CITATION = "genai-prices"

KINDS = {
    "cache_read_mtok": "cached_input",
    "cache_audio_read_mtok": "cached_audio",
    "cache_image_read_mtok": "cached_image",
}
# What a variant's context values say about processing. Values that name a route become the tier.
PROCESSING = {"batch": "batch", "flex": "flex", "priority": "priority", "fast": "fast", "default": "standard"}


def fetch_offline(spec: SourceSpec) -> Iterator[Payload]:
    """The installed package's data module. Raises SourceError where it is missing or its release is not dated."""
    try:
        package = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError as error:
        raise SourceError(spec.source_id, f"the package {PACKAGE} is not installed.", "Run `make setup`.") from error
    files = [file for file in package.files or [] if file.as_posix() == DATA_MODULE]
    released = RELEASED_ON.get(package.version)
    if not files or released is None:
        known = ", ".join(RELEASED_ON)
        raise SourceError(
            spec.source_id,
            f"{PACKAGE} {package.version} has no {DATA_MODULE} or is not one of the dated releases ({known}).",
            "Run `make setup` to install the pinned release.",
        )
    digest = files[0].hash
    yield Payload(
        source_id=spec.source_id,
        origin=f"{PACKAGE} {package.version} {DATA_MODULE}",
        content=bytes(package.locate_file(DATA_MODULE).read_bytes()),  # type: ignore[attr-defined]
        media_type="text/x-python",
        observed_on=released,
        metadata={"version": package.version, "record_hash": f"{digest.mode}={digest.value}" if digest else ""},
    )


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload]:
    """Today's JSON. Raises SourceError where it is not JSON or holds no provider."""
    response = client.get()
    try:
        providers = json.loads(response.content)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SourceError(spec.source_id, f"{response.address} did not answer with JSON ({error}).", "") from error
    if not isinstance(providers, list) or not providers:
        raise SourceError(spec.source_id, f"{response.address} lists no provider.", "Look at it in a browser.")
    yield Payload(
        source_id=spec.source_id,
        origin=response.address,
        content=response.content,
        media_type="application/json",
        observed_on=dt.datetime.now(dt.UTC).date().isoformat(),
        metadata=response.headers,
    )


def parse(payload: Payload) -> pl.DataFrame:
    """One row per provider, model, kind of price, processing, tier and dated record. Prices in USD per Mtok.

    Raises SourceError where the bytes are neither the package's module nor its JSON.
    """
    if payload.observed_on is None:
        raise SourceError(payload.source_id, f"{payload.origin} has no date.", "A payload of prices needs its day.")
    providers = _from_module(payload) if payload.media_type == "text/x-python" else json.loads(payload.content)
    snapshot = dt.date.fromisoformat(payload.observed_on)
    rows = [
        row
        for provider in providers
        for model in provider["models"]
        for row in _model_rows(str(provider["id"]), model, snapshot)
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


_SCHEMA = {
    "provider_label": pl.String,
    "model_label": pl.String,
    "model_name": pl.String,
    "token_kind": pl.String,
    "processing": pl.String,
    "tier": pl.String,
    "price": pl.Float64,
    "price_unit": pl.String,
    "currency": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "known_from": pl.Date,
    "known_basis": pl.String,
    "last_observed": pl.Date,
    "observation_count": pl.Int64,
    "grade": pl.String,
    "citation": pl.String,
    "note": pl.String,
}


def _model_rows(provider: str, model: Mapping[str, Any], snapshot: dt.date) -> Iterator[tuple[Any, ...]]:
    records = model.get("prices") or []
    if isinstance(records, Mapping):
        records = [{"prices": records}]
    by_hour = any("start_time" in (r.get("constraint") or {}) for r in records)
    # Where prices change with the hour, the unconditional record is the discount and the hours named are dearer.
    always = [r for r in records if "start_time" not in (r.get("constraint") or {})]
    yield from _dated(provider, model, always, "off_peak" if by_hour else "standard", "base", snapshot)
    hours = [{"prices": r["prices"]} for r in records if "start_time" in (r.get("constraint") or {})]
    yield from _dated(provider, model, hours[:1], "standard", "base", snapshot)
    variants: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for variant in model.get("price_variants") or []:
        ((key, value),) = list(variant["when"].items())[:1]
        processing, tier = PROCESSING.get(value, "standard"), f"{key} {value}" if value not in PROCESSING else "base"
        if variant["prices"]:
            variants.setdefault((processing, tier), []).append(variant)
    for (processing, tier), listed in variants.items():
        yield from _dated(provider, model, listed, processing, tier, snapshot)


def _dated(
    provider: str,
    model: Mapping[str, Any],
    records: Sequence[Mapping[str, Any]],
    processing: str,
    tier: str,
    snapshot: dt.date,
) -> Iterator[tuple[Any, ...]]:
    # Plain records stand oldest first, variants newest first: by start, the undated one before all.
    records = sorted(records, key=lambda record: _start(record) or dt.date.min)
    starts = [_start(record) for record in records]
    for position, record in enumerate(records):
        start = starts[position]
        following = next((s for s in starts[position + 1 :] if s), None)
        note = None
        if start is None:
            note = "in force on this day; its true start is not known"
            start = following - dt.timedelta(days=1) if following and following <= snapshot else snapshot
        known = min(start, snapshot)
        seen = snapshot if following is None or following > snapshot else following - dt.timedelta(days=1)
        for name, price in record["prices"].items():
            for level, amount in _tiers(price, tier):
                kind, unit = _kind(name)
                yield (
                    provider,
                    str(model["id"]),
                    model.get("name"),
                    kind,
                    processing,
                    level,
                    float(amount),
                    unit,
                    "USD",
                    start,
                    following,
                    known,
                    "published",
                    max(seen, known),
                    1,
                    "B",
                    f"{CITATION} {snapshot.isoformat()}",
                    note,
                )


def _start(record: Mapping[str, Any]) -> dt.date | None:
    text = (record.get("constraint") or {}).get("start_date")
    return dt.date.fromisoformat(text) if text else None


def _tiers(price: Any, tier: str) -> Iterator[tuple[str, Any]]:
    if isinstance(price, Mapping):
        yield tier, price["base"]
        for step in price["tiers"]:
            label = f"above_{step['start']}"
            yield (label if tier == "base" else f"{tier} {label}"), step["price"]
    elif price is not None:
        yield tier, price


def _kind(name: str) -> tuple[str, str]:
    if name.endswith("_mtok"):
        return KINDS.get(name, name.removesuffix("_mtok")), "usd_per_mtok"
    return name, f"usd_per_{name.rsplit('_', 1)[-1]}"


def _from_module(payload: Payload) -> list[dict[str, Any]]:
    """The module's `providers` literal in the shape of the JSON, from its syntax tree; nothing is executed."""
    try:
        tree = ast.parse(payload.content)
    except SyntaxError as error:
        raise SourceError(payload.source_id, f"{payload.origin} is not Python ({error.msg}).", "Reinstall it.") from error
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "providers":
            found: list[dict[str, Any]] = _plain(node.value, payload)
            return found
    raise SourceError(payload.source_id, f"{payload.origin} holds no list named providers.", "Its layout has changed.")


# Parts of the module that say how to match requests to models: nothing a price needs.
_UNREAD = {"match", "extractors", "model_match", "provider_match", "description", "price_comments", "pricing_urls"}


def _plain(node: ast.expr | None, payload: Payload) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_plain(item, payload) for item in items]
        case ast.Dict(keys=keys, values=values):
            return {_plain(k, payload): _plain(v, payload) for k, v in zip(keys, values, strict=True)}
        case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=text)]):
            return text
        case ast.Call(func=ast.Attribute(attr="date"), args=[ast.Constant(y), ast.Constant(m), ast.Constant(d)]):
            return f"{y:04d}-{m:02d}-{d:02d}"
        case ast.Call(func=ast.Attribute(attr="time"), args=parts):
            return ":".join(f"{part.value:02d}" for part in parts if isinstance(part, ast.Constant))
        case ast.Call(func=ast.Name(), args=[], keywords=words):
            return {w.arg: _plain(w.value, payload) for w in words if w.arg not in _UNREAD}
    where = f"line {getattr(node, 'lineno', '?')}"
    raise SourceError(payload.source_id, f"{payload.origin}, {where}: a form its reader does not know.", "")
