"""One publisher alone: its payload fetched or read from a file, parsed and judged as in a refresh; nothing is kept.

Not here: keeping payloads (payload_store.py), what names are known (unmapped.py), showing the outcome (pipelines/cli).
"""

from __future__ import annotations

import gzip
import json
import mimetypes
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.landing import fetching, payload_store
from pipelines.landing.unmapped import unknown_names
from sources import clock
from sources.contract import Validation
from sources.errors import RequestError, SourceError
from sources.payload import Payload
from sources.registry import SOURCES_DIR, SourceSpec

KEPT = "payload.gz"  # a payload as landing keeps it, with payload.json beside it


class TryError(RequestError):
    """The source cannot be tried as asked; the text says why and what to do."""


@dataclass(frozen=True)
class Failure:
    """A payload, or a part of a fetch, that could not be read; `where` is the line of the connector, if one raised."""

    origin: str
    problem: str
    remedy: str
    where: str


@dataclass(frozen=True)
class Tried:
    """One payload and what the contract made of its rows."""

    payload: Payload
    rows: Validation


@dataclass(frozen=True)
class Trial:
    """The payloads of one source, what failed, and labels no crosswalk knows by column with their accepted rows."""

    spec: SourceSpec
    tried: list[Tried]
    failures: list[Failure]
    unknown: dict[str, list[tuple[str, int]]]

    @property
    def accepted(self) -> int:
        """Accepted rows of all payloads."""
        return sum(one.rows.accepted.height for one in self.tried)


def try_source(
    spec: SourceSpec, live: bool, file: Path | None = None, metadata: Mapping[str, str] | None = None
) -> Trial:
    """Read one source: the file, else its publisher's answer, else its embedded observations.

    Raises TryError where there is nothing to read or the publisher cannot be asked.
    """
    tried: list[Tried] = []
    failures: list[Failure] = []
    for item in _payloads(spec, live, file, metadata or {}):
        if isinstance(item, SourceError):
            failures.append(_failure(spec.live or spec.source_id, item))
            continue
        try:
            tried.append(Tried(item, payload_store.read(spec, item)))
        except SourceError as error:
            failures.append(_failure(item.origin, error))
    accepted = [one.rows.accepted for one in tried]
    unknown = unknown_names(spec, pl.concat(accepted)) if accepted else {}
    return Trial(spec, tried, failures, unknown)


def _payloads(
    spec: SourceSpec, live: bool, file: Path | None, metadata: Mapping[str, str]
) -> list[Payload | SourceError]:
    if file is not None:
        return [_from_file(spec, file, metadata)]
    if live:
        if not spec.live:
            raise TryError(f"{spec.source_id} has no live address. Leave --live out to read what is embedded.")
        if missing := spec.not_set_up():
            raise TryError(f"{spec.source_id} cannot be asked: it {missing}.")
    elif not spec.offline:
        raise TryError(
            f"{spec.source_id} has no embedded observations. "
            f"Ask its publisher: rackhour try {spec.source_id} --live. Or read a payload you have: --file PAYLOAD."
        )
    try:
        return fetching.fetch(spec, "live" if live else "offline")
    except SourceError as error:
        return [error]


def _from_file(spec: SourceSpec, file: Path, metadata: Mapping[str, str]) -> Payload:
    """A payload somebody saved, as if it came today; or one that landing keeps, with what was noted about it."""
    try:
        content = file.read_bytes()
        if file.name == KEPT:
            noted = json.loads(file.with_name("payload.json").read_text(encoding="utf-8"))
            noted["metadata"] = {**noted["metadata"], **metadata}
            return Payload(source_id=spec.source_id, content=gzip.decompress(content), **noted)
    except (OSError, ValueError, EOFError) as error:
        raise TryError(f"--file {file} cannot be read ({error}).") from error
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    # Our own CSV files date every row themselves; a publisher's answer holds for the day it came.
    observed_on = None if spec.connector == "curated" else clock.today().isoformat()
    return Payload(spec.source_id, file.name, content, media_type, observed_on, metadata)


def _failure(origin: str, error: SourceError) -> Failure:
    where = _line(error.__cause__)
    # The remedy of an unforeseen error names a file that only a refresh writes; the line is here.
    return Failure(origin, error.problem, "" if where else error.remedy, where)


def _line(cause: BaseException | None) -> str:
    """The innermost line of our own sources that an unforeseen error passed through."""
    if cause is None:
        return ""
    frames = traceback.extract_tb(cause.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(SOURCES_DIR)]
    if not own:
        return ""
    path = Path(own[-1].filename).relative_to(SOURCES_DIR.parent)
    return f"{path.as_posix()}:{own[-1].lineno}, in {own[-1].name}"
