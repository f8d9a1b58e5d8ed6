"""History of a source, asked for stretch by stretch, and taken up again where it stopped.

A stretch is a calendar month, or what of it was asked for; a connector whose publisher answers better in one piece says
`STRETCH = "year"` or `"whole"`. Each is landed before the next is asked for and written down in the source's
`backfill.json`; a stretch that failed in part, or that ends today, is asked for again next time.

Not here: the network (sources/client.py), what a publisher's history looks like (its connector's fetch_range).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.home import lock
from pipelines.home.places import Home
from pipelines.home.progress import report
from pipelines.landing import captures, intake
from sources import clock
from sources.client import open_client
from sources.errors import RequestError, SourceError
from sources.payload import Payload
from sources.registry import SourceSpec, all_sources, select

Stretch = tuple[dt.date, dt.date]


class BackfillError(RequestError):
    """The source has no such history, or the days make no sense; the text says what it does offer."""


@dataclass
class Backfill:
    """How a backfill went: stretches landed, skipped as landed before, and failed with their reasons."""

    source_id: str
    landed: list[Stretch] = field(default_factory=list)
    skipped: list[Stretch] = field(default_factory=list)
    failed: list[tuple[Stretch, str]] = field(default_factory=list)
    payloads: int = 0
    rows: int = 0
    rejected: int = 0


def backfill(home: Home, name: str, first: dt.date, last: dt.date, again: bool) -> Backfill:
    """Fetch and land the days from first to last, both of them included.

    Raises BackfillError or SourceError before anything is asked where the source gives no history or the days are
    no stretch; a stretch that fails is told in the result, and the next one is tried.
    """
    [spec] = select([name])
    connector = spec.load_connector()
    if not hasattr(connector, "fetch_range"):
        raise BackfillError(_offered(spec))
    today = clock.today()
    if first > last:
        raise BackfillError(f"--from {first} lies after --to {last}.")
    if last > today:
        raise BackfillError(f"--to {last} lies in the future; history ends today ({today}).")
    home.ensure()
    result = Backfill(spec.source_id)
    path = home.landing / spec.family / spec.source_id / "backfill.json"
    with lock.held(home), open_client(spec) as client:
        pieces = list(stretches(first, last, getattr(connector, "STRETCH", "month")))
        for number, stretch in enumerate(pieces, start=1):
            place = f"{spec.source_id} {stretch[0]} to {stretch[1]} ({number} of {len(pieces)})"
            if not again and _covered(stretch, _done(path)):
                result.skipped.append(stretch)
                report("backfill", f"{place}: landed before")
                continue
            try:
                items: list[Payload | SourceError] = list(connector.fetch_range(spec, client, *stretch))
                errors = [str(item) for item in items if isinstance(item, SourceError)]
                payloads = [item for item in items if isinstance(item, Payload)]
                before = intake.state(spec, home)
                after = intake.land_payloads(spec, home, payloads) if payloads else before
            except SourceError as error:
                errors, payloads = [str(error)], []
            else:
                result.payloads += len(payloads)
                result.rows += after.accepted - before.accepted
                result.rejected += after.rejected - before.rejected
            if errors:
                result.failed.append((stretch, "; ".join(errors[:3])))
                report("backfill", f"{place}: FAILED: {errors[0]}")
                continue
            result.landed.append(stretch)
            report("backfill", f"{place}: {len(payloads)} payloads")
            if stretch[1] < today:
                _note(path, stretch)
    return result


def stretches(first: dt.date, last: dt.date, kind: str) -> Iterator[Stretch]:
    """Calendar months (or years) between two days, the first and the last cut to those days; or the whole at once."""
    start = first
    while start <= last:
        ends = {
            "month": (start.replace(day=1) + dt.timedelta(days=32)).replace(day=1),
            "year": dt.date(start.year + 1, 1, 1),
            "whole": last + dt.timedelta(days=1),
        }
        yield start, min(last, ends[kind] - dt.timedelta(days=1))
        start = ends[kind]


def _offered(spec: SourceSpec) -> str:
    with_history = [s.source_id for s in all_sources().values() if hasattr(s.load_connector(), "fetch_range")]
    has = "shows what holds today: `rackhour refresh --live` takes it, and every look is kept" if spec.live else ""
    ships = "ships with the package, history and all: `rackhour refresh` reads it" if spec.offline else ""
    told = "; it ".join(part for part in (ships, has) if part)
    others = ", ".join(with_history) or "none yet"
    return f"{spec.source_id} has no history to ask for. It {told}. Sources that have: {others}."


def _done(path: Path) -> list[Stretch]:
    stated = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [(dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for a, b in stated]


def _covered(stretch: Stretch, done: list[Stretch]) -> bool:
    return any(first <= stretch[0] and stretch[1] <= last for first, last in done)


def _note(path: Path, stretch: Stretch) -> None:
    done = sorted({*_done(path), stretch})
    captures.write_json(path, [[a.isoformat(), b.isoformat()] for a, b in done])
