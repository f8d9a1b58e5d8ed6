"""Landing: every payload kept as it came, addressed by its hash, and its rows accepted or rejected with reasons.

Received = accepted + rejected, always. A payload seen before, read by the same code, costs nothing. Everything
downstream is rebuilt from here, offline.

Layout: `landing/<family>/<source_id>/<sha256>/{payload.gz,payload.json,accepted.parquet,rejected.parquet,
landed.json}` and `landing/<family>/<source_id>/good.json`, the list of payloads that count.

Not here: names, units, what a figure means (staging), or who schedules an ingest (pipelines/defs).
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
import shutil
import traceback
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import polars as pl

from pipelines.build import Mode
from pipelines.home import Home
from sources.contract import Contract
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SOURCES_DIR, SourceSpec

Status = Literal["ok", "unchanged", "failed"]


class NothingLanded(Exception):
    """A source failed and no earlier good payload of it lies in this home."""


@dataclass(frozen=True)
class Landed:
    """One payload's outcome: how many rows came, how many were taken, what they span (ISO dates)."""

    source_id: str
    payload_sha256: str
    origin: str
    media_type: str
    observed_on: str | None
    parser: str
    received: int
    accepted: int
    rejected: int
    newest_known_from: str | None
    newest_observed: str | None
    price_low: float | None
    price_high: float | None


@dataclass(frozen=True)
class SourceRun:
    """One source in one run: its health, and the rows that now count (the last good ones where it failed)."""

    source_id: str
    family: str
    status: Status
    message: str
    payloads: int
    received: int
    accepted: int
    rejected: int
    newest_known_from: str | None
    newest_observed: str | None
    price_low: float | None
    price_high: float | None


def ingest(spec: SourceSpec, home: Home, mode: Mode) -> SourceRun:
    """Fetch, keep, parse and check one source's payloads.

    A source that cannot be read keeps its last good payload and is reported `failed`; the run goes on.
    Raises NothingLanded where there is no earlier good payload to fall back on.
    """
    folder = home.landing / spec.family / spec.source_id
    before = _good(folder)
    try:
        landed = [_land(spec, payload, folder) for payload in _fetch(spec, mode)]
    except SourceError as error:
        _keep_trace(folder, error)
        kept = "The last good payload stays in place."
        if not before and mode == "live" and spec.offline:
            # A first run without the network still has what the package ships.
            before = _embedded(spec, folder)
            kept = "The embedded observations stand in."
        if not before:
            raise NothingLanded(str(error)) from error
        return _run(spec, folder, before, "failed", f"{error.problem} {error.remedy} {kept}")
    if spec.payloads == "replace":
        good = [item.payload_sha256 for item in landed[-1:]] or before
    else:
        good = list(dict.fromkeys([*before, *[item.payload_sha256 for item in landed]]))
    if good != before:
        _write_json(folder / "good.json", good)
    return _run(spec, folder, good, "unchanged" if good == before else "ok", "")


def _embedded(spec: SourceSpec, folder: Path) -> list[str]:
    """Land the embedded payload; the names of what then counts, none where it cannot be read either."""
    try:
        landed = [_land(spec, payload, folder) for payload in _fetch(spec, "offline")]
    except SourceError:
        return []
    good = [item.payload_sha256 for item in landed]
    _write_json(folder / "good.json", good)
    return good


def good_payloads(spec: SourceSpec, home: Home) -> list[Path]:
    """Folders of the payloads that count, oldest first; empty where the source has never landed."""
    folder = home.landing / spec.family / spec.source_id
    return [folder / sha for sha in _good(folder)]


def state(spec: SourceSpec, home: Home) -> SourceRun:
    """What lies in landing for this source: zero rows where it has never landed."""
    folder = home.landing / spec.family / spec.source_id
    return _run(spec, folder, _good(folder), "unchanged", "")


def last_good(spec: SourceSpec, home: Home) -> SourceRun:
    """The source as it lies in landing, without asking its publisher. Raises NothingLanded where it never landed."""
    folder = home.landing / spec.family / spec.source_id
    good = _good(folder)
    if not good:
        raise NothingLanded(f"{spec.source_id} has never been ingested here. Run `rackhour refresh` without --only.")
    return _run(spec, folder, good, "unchanged", "not asked in this run (--only)")


def _fetch(spec: SourceSpec, mode: Mode) -> list[Payload]:
    connector = spec.load_connector()
    if mode == "live" and spec.live and hasattr(connector, "fetch_live"):
        from sources.client import open_client

        with open_client(spec) as client:
            payloads = list(connector.fetch_live(spec, client))
    else:
        payloads = list(connector.fetch_offline(spec)) if spec.offline else []
    if not payloads and spec.offline:
        raise SourceError(spec.source_id, "gave no payload at all.", "Look at its connector.")
    return payloads


def _land(spec: SourceSpec, payload: Payload, folder: Path) -> Landed:
    """One payload into its folder, whole or not at all; a payload that the same code has read is left alone."""
    place = folder / payload.sha256
    parser = _parser_hash(spec.family)
    known = _landed(place)
    if known and known.parser == parser:
        return known
    contract = spec.load_contract()
    try:
        raw = spec.load_connector().parse(payload)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, pl.exceptions.PolarsError) as error:
        # A connector that meets a shape nobody foresaw: one source's failure, told as such, never the run's.
        raise SourceError(
            spec.source_id,
            f"{payload.origin} has a shape its parser does not know ({error!r}).",
            "See its last-error.txt.",
        ) from error
    outcome = contract.validate(raw, spec.source_id)
    if outcome.received != outcome.accepted.height + outcome.rejected.height:
        raise SourceError(spec.source_id, "received rows are not accepted + rejected.", "This is a defect of rackhour.")
    if outcome.accepted.height == 0:
        first = outcome.rejected["all_failures"][0] if outcome.rejected.height else "no rows"
        raise SourceError(spec.source_id, f"no row of {payload.origin} was accepted (first: {first}).", "")
    accepted = _identified(outcome.accepted, spec, payload, contract)
    landed = Landed(
        source_id=spec.source_id,
        payload_sha256=payload.sha256,
        origin=payload.origin,
        media_type=payload.media_type,
        observed_on=payload.observed_on,
        parser=parser,
        received=outcome.received,
        accepted=accepted.height,
        rejected=outcome.rejected.height,
        newest_known_from=_iso_max(accepted, "known_from"),
        newest_observed=_iso_max(accepted, "last_observed") or _iso_max(accepted, "capture_date"),
        price_low=_number(accepted, "price", "min"),
        price_high=_number(accepted, "price", "max"),
    )
    workshop = folder / f".{payload.sha256}.{os.getpid()}"
    shutil.rmtree(workshop, ignore_errors=True)
    workshop.mkdir(parents=True)
    (workshop / "payload.gz").write_bytes(gzip.compress(payload.content, mtime=0))
    _write_json(
        workshop / "payload.json",
        {
            "origin": payload.origin,
            "media_type": payload.media_type,
            "observed_on": payload.observed_on,
            "metadata": dict(payload.metadata),
        },
    )
    accepted.write_parquet(workshop / "accepted.parquet", compression="zstd")
    outcome.rejected.select(
        pl.lit(spec.source_id).alias("source_id"),
        pl.lit(spec.family).alias("family"),
        pl.lit(payload.sha256).alias("payload_sha256"),
        pl.lit(payload.origin).alias("origin"),
        pl.all(),
    ).write_parquet(workshop / "rejected.parquet", compression="zstd")
    _write_json(workshop / "landed.json", asdict(landed))
    shutil.rmtree(place, ignore_errors=True)
    workshop.rename(place)
    return landed


def _identified(accepted: pl.DataFrame, spec: SourceSpec, payload: Payload, contract: Contract) -> pl.DataFrame:
    """Rows with an id of their own: the source and a hash of the row's content, equal wherever the same row stands."""
    content = accepted.select(pl.struct(list(contract.dtypes)).struct.json_encode()).to_series()
    ids = [f"{spec.source_id}:{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:16]}" for text in content]
    return accepted.with_columns(
        pl.Series("observation_id", ids, dtype=pl.String),
        pl.lit(spec.source_id).alias("source_id"),
        pl.lit(payload.sha256).alias("payload_sha256"),
    )


def _run(spec: SourceSpec, folder: Path, good: list[str], status: Status, message: str) -> SourceRun:
    landed = [item for sha in good if (item := _landed(folder / sha))]
    known = [x.newest_known_from for x in landed if x.newest_known_from]
    observed = [x.newest_observed for x in landed if x.newest_observed]
    lows = [x.price_low for x in landed if x.price_low is not None]
    highs = [x.price_high for x in landed if x.price_high is not None]
    return SourceRun(
        source_id=spec.source_id,
        family=spec.family,
        status=status,
        message=message,
        payloads=len(landed),
        received=sum(x.received for x in landed),
        accepted=sum(x.accepted for x in landed),
        rejected=sum(x.rejected for x in landed),
        newest_known_from=max(known, default=None),
        newest_observed=max(observed, default=None),
        price_low=min(lows, default=None),
        price_high=max(highs, default=None),
    )


@cache
def _parser_hash(family: str) -> str:
    """Changes with any code that turns a payload of this family into rows, so that old readings are not trusted."""
    files = [*SOURCES_DIR.glob("*.py"), *SOURCES_DIR.glob(f"{family}/*.py"), Path(__file__)]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _good(folder: Path) -> list[str]:
    path = folder / "good.json"
    names = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [name for name in names if (folder / name / "landed.json").exists()]


def _landed(place: Path) -> Landed | None:
    path = place / "landed.json"
    return Landed(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def _keep_trace(folder: Path, error: Exception) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    text = f"{stamp}\n{''.join(traceback.format_exception(error))}"
    (folder / "last-error.txt").write_text(text, encoding="utf-8")


def _write_json(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".tmp")
    draft.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(path)


def _iso_max(frame: pl.DataFrame, column: str) -> str | None:
    newest = frame[column].max() if column in frame.columns else None
    return newest.isoformat() if isinstance(newest, dt.date) else None


def _number(frame: pl.DataFrame, column: str, end: Literal["min", "max"]) -> float | None:
    if column not in frame.columns:
        return None
    value = frame[column].min() if end == "min" else frame[column].max()
    return float(value) if isinstance(value, (int, float)) else None
