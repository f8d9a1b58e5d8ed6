"""One payload in landing: kept as it came, read by its publisher's parser, judged by its contract, all or nothing.

A payload lies in `landing/<family>/<source_id>/<sha256>/{payload.gz,payload.json,accepted.parquet,rejected.parquet,
looks.parquet,landed.json}`. Not here: fetching, which payloads count (pipelines/landing/intake.py).
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import polars as pl

from pipelines.landing.captures import write_json
from sources.contract import Contract, Validation
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SOURCES_DIR, SourceSpec

# What a row says about its own dates and address: two looks that differ in these alone show the same figures.
ABOUT_THE_LOOK = ("row_number", "valid_from", "known_from", "last_observed", "observation_count", "citation", "note")


@dataclass(frozen=True)
class Landed:
    """One payload's outcome: how many rows came, how many were taken, what they span (ISO dates)."""

    source_id: str
    payload_sha256: str
    origin: str
    media_type: str
    observed_on: str | None
    parser: str
    figures: str
    received: int
    accepted: int
    rejected: int
    newest_known_from: str | None
    newest_observed: str | None
    price_low: float | None
    price_high: float | None


def land(spec: SourceSpec, payload: Payload, folder: Path) -> Landed:
    """One payload into its folder, whole or not at all; a payload that the same code has read is left alone.

    Raises SourceError where it cannot be read, or no row of it was accepted.
    """
    place = folder / payload.sha256
    parser = parser_hash(spec.family)
    known = landed(place)
    if known and known.parser == parser and _told_the_same(place, payload):
        return known
    contract = spec.load_contract()
    outcome = read(spec, payload)
    if outcome.accepted.height == 0:
        first = outcome.rejected["all_failures"][0] if outcome.rejected.height else "no rows"
        raise SourceError(spec.source_id, f"no row of {payload.origin} was accepted (first: {first}).", "")
    accepted = _identified(outcome.accepted, spec, payload, contract)
    result = Landed(
        source_id=spec.source_id,
        payload_sha256=payload.sha256,
        origin=payload.origin,
        media_type=payload.media_type,
        observed_on=payload.observed_on,
        parser=parser,
        figures=_figures(accepted, contract),
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
    write_json(
        workshop / "payload.json",
        {
            "origin": payload.origin,
            "media_type": payload.media_type,
            "observed_on": payload.observed_on,
            "metadata": dict(payload.metadata),
        },
    )
    accepted.write_parquet(workshop / "accepted.parquet", compression="zstd")
    if spec.payloads == "append":
        looks = accepted.select("source_id", "payload_sha256", "capture_group", "look_date")
        looks.unique(maintain_order=True).write_parquet(workshop / "looks.parquet", compression="zstd")
    outcome.rejected.select(
        pl.lit(spec.source_id).alias("source_id"),
        pl.lit(spec.family).alias("family"),
        pl.lit(payload.sha256).alias("payload_sha256"),
        pl.lit(payload.origin).alias("origin"),
        pl.all(),
    ).write_parquet(workshop / "rejected.parquet", compression="zstd")
    write_json(workshop / "landed.json", asdict(result))
    shutil.rmtree(place, ignore_errors=True)
    workshop.rename(place)
    return result


def read(spec: SourceSpec, payload: Payload) -> Validation:
    """A payload's rows as its publisher's parser reads and its contract judges them; nothing is kept.

    Raises SourceError where the payload as a whole cannot be read.
    """
    try:
        raw = spec.load_connector().parse(payload)
    except SourceError:
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        # A connector that meets a shape nobody foresaw: one source's failure, told as such, never the run's.
        raise SourceError(
            spec.source_id,
            f"{payload.origin} has a shape its parser does not know ({error!r}).",
            "See its last-error.txt.",
        ) from error
    outcome = spec.load_contract().validate(raw, spec.source_id)
    if outcome.received != outcome.accepted.height + outcome.rejected.height:
        raise SourceError(spec.source_id, "received rows are not accepted + rejected.", "This is a defect of rackhour.")
    return outcome


def read_again(spec: SourceSpec, folder: Path, sha256: str) -> Landed:
    """A payload that was read by older code, read by this code. Raises SourceError as `land` does."""
    place = folder / sha256
    stated = json.loads((place / "payload.json").read_text(encoding="utf-8"))
    content = gzip.decompress((place / "payload.gz").read_bytes())
    return land(spec, Payload(source_id=spec.source_id, content=content, **stated), folder)


def landed(place: Path) -> Landed | None:
    """What lies in a payload's folder; None where nothing whole does, or an older version wrote it."""
    path = place / "landed.json"
    if not path.exists():
        return None
    try:
        return Landed(**json.loads(path.read_text(encoding="utf-8")))
    except TypeError:
        return None


def _told_the_same(place: Path, payload: Payload) -> bool:
    """Whether a file that lies there was loaded with the mapping it has now; publishers' payloads have none."""
    if "mapping" not in payload.metadata:
        return True
    stated = json.loads((place / "payload.json").read_text(encoding="utf-8"))["metadata"]
    return bool(stated == dict(payload.metadata))


@cache
def parser_hash(family: str) -> str:
    """Changes with any code that turns a payload of this family into rows, so that old readings are not trusted."""
    own = SOURCES_DIR / family
    files = [*SOURCES_DIR.glob("*.py"), *own.glob("*.py"), *own.glob("*.csv"), Path(__file__)]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _identified(accepted: pl.DataFrame, spec: SourceSpec, payload: Payload, contract: Contract) -> pl.DataFrame:
    """Rows with an id of their own: the source and a hash of the row's content, equal wherever the same row stands.

    Where payloads pile up, also the group whose look shows the row, and the day of that look.
    """
    first = [name for name in contract.dtypes if name not in contract.later]
    content = accepted.select(pl.struct(first).struct.json_encode()).to_series()
    if contract.later:
        stated = pl.any_horizontal(pl.col(name).is_not_null() for name in contract.later)
        later = pl.when(stated).then(pl.struct(contract.later).struct.json_encode()).otherwise(pl.lit(""))
        content = content + accepted.select(later).to_series()
    ids = [f"{spec.source_id}:{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:16]}" for text in content]
    identified = accepted.with_columns(
        pl.Series("observation_id", ids, dtype=pl.String),
        pl.lit(spec.source_id).alias("source_id"),
        pl.lit(payload.sha256).alias("payload_sha256"),
    )
    if spec.payloads == "replace":
        return identified
    group = [pl.col(name).cast(pl.String).fill_null("") for name in spec.capture_group] or [pl.lit("all")]
    day = pl.lit(dt.date.fromisoformat(payload.observed_on)) if payload.observed_on else pl.col("last_observed")
    return identified.with_columns(pl.concat_str(group, separator="/").alias("capture_group"), day.alias("look_date"))


def _figures(accepted: pl.DataFrame, contract: Contract) -> str:
    """A hash of what the rows say, whenever and however often they were seen, in whatever order."""
    unstated = {name for name in contract.later if accepted[name].null_count() == accepted.height}
    names = [name for name in contract.dtypes if name not in ABOUT_THE_LOOK and name not in unstated]
    return hashlib.sha256(accepted.select(names).sort(names).write_csv().encode()).hexdigest()[:16]


def _iso_max(frame: pl.DataFrame, column: str) -> str | None:
    newest = frame[column].max() if column in frame.columns else None
    return newest.isoformat() if isinstance(newest, dt.date) else None


def _number(frame: pl.DataFrame, column: str, end: Literal["min", "max"]) -> float | None:
    if column not in frame.columns:
        return None
    value = frame[column].min() if end == "min" else frame[column].max()
    return float(value) if isinstance(value, (int, float)) else None
