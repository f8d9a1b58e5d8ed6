"""genai-prices (Pydantic, MIT): list prices of some 2,300 models at 47 providers, with dated changes.

Offline the payload is the bytes of the installed package's data module, read as data and never executed; live it is
the same data as JSON. Unit: USD per million tokens. What is priced by other units (searches, audio hours, pages) is
passed on as it is and turned away by the contract, counted and kept. A model without a price has no row.

Knowledge counts from the day a release was published, or from the day the live list was read: what a record says
about the past was not known from here before.

Not here: which figure held when (genai_records.py), the module's syntax (genai_module.py), canonical names.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from importlib import metadata
from typing import Any

import polars as pl

from sources import json_text
from sources.client import Client
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec
from sources.token_prices import genai_module, genai_records
from sources.token_prices.rows import SCHEMA

PACKAGE = "genai-prices"
DATA_MODULE = "genai_prices/data.py"
# When the package index shows each release as uploaded. A release not listed here is dated by nobody, so it is
# refused: add its time when the pin moves.
RELEASED_AT = {"0.2.3": "2026-11-10T21:51:41Z"}
MODULE_TYPE = "text/x-python"
REINSTALL = "Run `make setup` to install the pinned release."


def fetch_offline(spec: SourceSpec) -> Iterator[Payload]:
    """The installed package's data module, with the release's version, time and recorded hash.

    Raises SourceError where the package or its module is missing, the release is not dated here, or the bytes are
    not those its own record states.
    """
    try:
        package = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError as error:
        raise SourceError(spec.source_id, f"the package {PACKAGE} is not installed.", REINSTALL) from error
    released_at = RELEASED_AT.get(package.version)
    if released_at is None:
        problem = f"{PACKAGE} {package.version} is not one of the dated releases ({', '.join(RELEASED_AT)})."
        raise SourceError(spec.source_id, problem, REINSTALL)
    file = next((file for file in package.files or [] if file.as_posix() == DATA_MODULE), None)
    try:
        content = file.read_binary() if file else b""
    except OSError as error:
        problem = f"{DATA_MODULE} of {PACKAGE} {package.version} cannot be read ({error.strerror})."
        raise SourceError(spec.source_id, problem, REINSTALL) from error
    if not file or not file.hash:
        raise SourceError(spec.source_id, f"{PACKAGE} {package.version} records no {DATA_MODULE}.", REINSTALL)
    found = base64.urlsafe_b64encode(hashlib.new(file.hash.mode, content).digest()).rstrip(b"=").decode()
    if found != file.hash.value:
        problem = f"{DATA_MODULE} of {PACKAGE} {package.version} was changed after it was installed."
        raise SourceError(spec.source_id, problem, REINSTALL)
    yield Payload(
        source_id=spec.source_id,
        origin=f"{PACKAGE} {package.version} {DATA_MODULE}",
        content=content,
        media_type=MODULE_TYPE,
        observed_on=released_at[:10],
        metadata={
            "version": package.version,
            "wheel_record_hash": f"{file.hash.mode}={file.hash.value}",
            "stated_at": released_at,
        },
    )


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload]:
    """Today's list as JSON. Raises SourceError where it is no JSON list of providers."""
    response = client.get(kind="json")
    read_at = f"{response.fetched_on}T{dt.datetime.now(dt.UTC):%H:%M:%SZ}"
    payload = Payload(
        source_id=spec.source_id,
        origin=response.address,
        content=response.content,
        media_type="application/json",
        observed_on=read_at[:10],
        metadata={**response.headers, "stated_at": read_at},
    )
    _providers(payload)
    yield payload


def parse(payload: Payload) -> pl.DataFrame:
    """One row per provider, model, kind of price, processing, tier and spell of one figure.

    A model of an unknown form gives one row that says so in `parse_error`. Raises SourceError where the bytes as a
    whole are neither the package's module nor its JSON.
    """
    if payload.observed_on is None:
        raise SourceError(payload.source_id, f"{payload.origin} has no date.", "A payload of prices needs its day.")
    rows = [
        row
        for provider in _providers(payload)
        for model in provider["models"]
        for row in _rows(provider["id"], model, payload)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def unpriced(payload: Payload) -> list[tuple[str, str]]:
    """Provider and model of every entry without any price: known to the list, but no row of it."""
    return [
        (provider["id"], model["id"])
        for provider in _providers(payload)
        for model in provider["models"]
        if not list(genai_records.spells(model, dt.date.min + genai_records.DAY))
    ]


def _providers(payload: Payload) -> list[Mapping[str, Any]]:
    remedy = "Its layout has changed: compare it with sources/token_prices/genai_prices.py."
    try:
        if payload.media_type == MODULE_TYPE:
            found: Any = genai_module.providers(payload.content)
        else:
            found = json_text.loads(payload.content, object_pairs_hook=_once)
    except (genai_module.UnknownForm, ValueError, RecursionError) as error:
        raise SourceError(payload.source_id, f"{payload.origin} cannot be read ({error}).", remedy) from error
    whole = isinstance(found, list) and all(
        isinstance(item, Mapping)
        and isinstance(item.get("models"), list)
        and isinstance(item.get("id"), str)
        and _TWICE not in item
        for item in found
    )
    if not found or not whole:
        raise SourceError(payload.source_id, f"{payload.origin} is no list of providers with models.", remedy)
    return list(found)


_TWICE = "key stands twice"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object. A key that stands twice in it leaves a mark, since the last one would win silently."""
    found = dict(pairs)
    if len(found) < len(pairs):
        found[_TWICE] = True
    return found


def _refuse_twice(part: Any) -> None:
    if isinstance(part, Mapping):
        if _TWICE in part:
            raise ValueError(f"a {_TWICE} in {sorted(set(part) - {_TWICE})}")
        for value in part.values():
            _refuse_twice(value)
    elif isinstance(part, list):
        for value in part:
            _refuse_twice(value)


def _rows(provider: str, model: Any, payload: Payload) -> Iterator[tuple[Any, ...]]:
    read_on = dt.date.fromisoformat(str(payload.observed_on))
    stated_at = payload.metadata.get("stated_at", f"{read_on}T00:00:00Z")
    version = payload.metadata.get("version")
    citation = f"{PACKAGE} {version}, released {stated_at}" if version else f"{payload.origin} read {stated_at}"
    basis = "published" if version else "loaded"
    try:
        _refuse_twice({key: model[key] for key in ("id", "prices", "price_variants") if key in model})
        label, name = str(model["id"]), model.get("name")
        for spell in list(genai_records.spells(model, read_on)):
            kind, unit = _kind(spell.price_key)
            yield (
                provider,
                label,
                name,
                kind,
                spell.processing,
                spell.tier,
                spell.amount,
                unit,
                "USD",
                spell.start,
                spell.end,
                read_on,
                basis,
                spell.last_held(read_on),
                1,
                "B",
                citation,
                spell.note,
                None,
            )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        named = str(model.get("id")) if isinstance(model, Mapping) else None
        reason = f"a model of an unknown form ({type(error).__name__}: {error})"
        yield (provider, named, *[None] * (len(SCHEMA) - 3), reason)


def _kind(price_key: str) -> tuple[str, str]:
    """Kind of token and unit: `cache_audio_read_mtok` is cached_audio per Mtok; other units keep their own name."""
    if not price_key.endswith("_mtok"):
        return price_key, f"usd_per_{price_key.rsplit('_', 1)[-1]}"
    words = price_key.removesuffix("_mtok").split("_")
    if words[0] == "cache" and words[-1] == "read":
        return "_".join(["cached", *(words[1:-1] or ["input"])]), "usd_per_mtok"
    if words[:1] == ["cache"] and words[2:3] == ["write"]:
        return "_".join(["cache_write", words[1], *words[3:]]), "usd_per_mtok"
    return "_".join(words), "usd_per_mtok"
