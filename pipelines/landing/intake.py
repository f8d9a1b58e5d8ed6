"""Landing: every payload kept as it came, addressed by its hash, and its rows accepted or rejected with reasons.

Received = accepted + rejected, always. A payload seen before, read by the same code, costs nothing. Everything
downstream is rebuilt from here, offline.

Not here: one payload's folder (payload_store.py), the list of those that count (captures.py), asking publishers
(fetching.py), names, units, what a figure means (staging), or who schedules an ingest (pipelines/defs).
"""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pipelines.home.build import Mode
from pipelines.home.places import Home
from pipelines.landing import captures, payload_store
from pipelines.landing.captures import Look
from pipelines.landing.payload_store import Landed
from sources import clock
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec

# ok: something new; unchanged: nothing new; frozen: answers, but has shown nothing new for too long; partial: some of
# its groups failed; failed: no answer that can be used, the last good payloads stay; absent: has never landed here.
Status = Literal["ok", "unchanged", "frozen", "partial", "failed", "absent"]
NOT_ASKED = "not asked"
"""How the message of a run begins whose publisher was not asked."""
TROUBLED = ("frozen", "partial", "failed")
Fetched = list[Payload | SourceError]


class NothingLanded(Exception):
    """A source failed and no earlier good payload of it lies in this home."""


@dataclass(frozen=True)
class SourceRun:
    """One source in one run: its health, and the rows that now count (the last good ones where it failed).

    `last_looked` is the last day its publisher showed something, `last_changed` the last day that was something new.
    """

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
    last_looked: str | None
    last_changed: str | None
    price_low: float | None
    price_high: float | None

    @property
    def age_days(self) -> int | None:
        """Days since its publisher last showed something, by the clock: this is about health, never about figures."""
        newest = max((day for day in (self.newest_observed, self.last_looked) if day), default=None)
        return (clock.today() - dt.date.fromisoformat(newest)).days if newest else None


def ingest(spec: SourceSpec, home: Home, mode: Mode, answers: Callable[[], Fetched] | None = None) -> SourceRun:
    """Fetch, keep, parse and check one source's payloads. `answers` gives them where they were asked for beforehand.

    A source that cannot be read keeps its last good payloads and is reported; the run goes on. Raises NothingLanded
    where an embedded source has no payload at all to fall back on.
    """
    folder = _folder(spec, home)
    before = captures.looks(folder)
    if _is_live(spec, mode) and not spec.offline and (missing := spec.not_set_up()):
        unread = _read_again(spec, folder, before)
        return _run(spec, folder, before, "unchanged" if before else "absent", f"{NOT_ASKED}: it {missing}.{unread}")
    try:
        fetched = answers() if answers else _fetch(spec, mode, home)
        return _take(spec, folder, before, fetched, live=_is_live(spec, mode))
    except SourceError as error:
        _keep_trace(folder, error)
        kept = "The last good payload stays in place."
        if not before and mode == "live" and spec.offline:
            # A first run without the network still has what the package ships.
            before = _embedded(spec, folder, home)
            kept = "The embedded observations stand in."
        if not before and spec.offline:
            raise NothingLanded(str(error)) from error
        kept = kept if before else "It has never landed here; the others go on."
        run = _run(spec, folder, before, "failed", "")
        return replace(run, message=f"{error.problem} {error.remedy} {kept}{_age(run)}")


def land_payloads(spec: SourceSpec, home: Home, payloads: Iterable[Payload]) -> SourceRun:
    """Payloads already in hand (a user's file, a stretch of history), beside those that lie there.

    Raises SourceError where one of them cannot be read; those before it have landed.
    """
    folder = _folder(spec, home)
    return _take(spec, folder, captures.looks(folder), list(payloads), live=False)


def good_payloads(spec: SourceSpec, home: Home) -> list[Path]:
    """Folders of the payloads that count, oldest first; empty where the source has never landed."""
    folder = _folder(spec, home)
    return [folder / sha for sha in captures.payloads(folder)]


def good_looks(spec: SourceSpec, home: Home) -> list[Look]:
    """On which days which payload was seen, in the order of arrival."""
    return captures.looks(_folder(spec, home))


def state(spec: SourceSpec, home: Home) -> SourceRun:
    """What lies in landing for this source: zero rows where it has never landed."""
    folder = _folder(spec, home)
    seen = captures.looks(folder)
    return _run(spec, folder, seen, "unchanged" if seen else "absent", "")


def last_good(spec: SourceSpec, home: Home) -> SourceRun:
    """The source as it lies in landing, without asking its publisher.

    Raises NothingLanded for an embedded source that never landed.
    """
    folder = _folder(spec, home)
    seen = captures.looks(folder)
    if not seen and spec.offline:
        raise NothingLanded(f"{spec.source_id} has never been ingested here. Run `rackhour refresh` without --only.")
    unread = _read_again(spec, folder, seen)
    return _run(spec, folder, seen, "unchanged" if seen else "absent", f"{NOT_ASKED} in this run (--only).{unread}")


def _take(spec: SourceSpec, folder: Path, before: list[Look], fetched: Fetched, live: bool) -> SourceRun:
    """Land what came. Raises SourceError where nothing of it can be used though something was due."""
    errors: list[SourceError] = []
    new: list[Look] = []
    for item in fetched:
        if isinstance(item, SourceError):
            errors.append(item)
            continue
        try:
            landed = payload_store.land(spec, item, folder)
        except SourceError as failure:
            errors.append(failure)
        else:
            new.append(Look(landed.payload_sha256, item.observed_on))
    if errors and not new:
        raise errors[0]
    for error in errors:
        _keep_trace(folder, error)
    newest = new[-1:] or before
    seen = newest if spec.payloads == "replace" else list(dict.fromkeys([*before, *new]))
    if seen != before:
        captures.keep(folder, seen)
    unread = _read_again(spec, folder, seen)
    news = {look.payload for look in seen} != {look.payload for look in before}
    if errors:
        told = "; ".join(f"{error.problem} {error.remedy}" for error in errors[:3])
        message = f"{len(errors)} of {len(fetched)} parts failed, their last good rows stay: {told}"
        return _run(spec, folder, seen, "partial", message + unread)
    run = _run(spec, folder, seen, "ok" if news else "unchanged" if seen else "absent", unread)
    return _unless_frozen(spec, run) if live else run


def _unless_frozen(spec: SourceSpec, run: SourceRun) -> SourceRun:
    """A publisher that answers, and has shown nothing new for longer than its cadence allows, is frozen, not fresh."""
    if run.last_changed is None or run.last_looked is None:
        return run
    still = (dt.date.fromisoformat(run.last_looked) - dt.date.fromisoformat(run.last_changed)).days
    if still <= spec.frozen_after:
        return run
    message = (
        f"answers, but has shown the same figures for {still} days (since {run.last_changed}); "
        f"more than {spec.frozen_after} is not believed."
    )
    return replace(run, status="frozen", message=message)


def _read_again(spec: SourceSpec, folder: Path, seen: list[Look]) -> str:
    """Payloads read by older code are read by this one; one that cannot be keeps its reading, and that is said."""
    parser = payload_store.parser_hash(spec.family)
    unread = 0
    for sha256 in dict.fromkeys(look.payload for look in seen):
        known = payload_store.landed(folder / sha256)
        if known is None or known.parser != parser:
            try:
                payload_store.read_again(spec, folder, sha256)
            except SourceError as error:
                _keep_trace(folder, error)
                unread += 1
    return f" {unread} kept payloads cannot be read by this version; their old reading stays." if unread else ""


def _embedded(spec: SourceSpec, folder: Path, home: Home) -> list[Look]:
    """Land the embedded payload; the looks that then count, none where it cannot be read either."""
    try:
        _take(spec, folder, [], _fetch(spec, "offline", home), live=False)
    except SourceError:
        return []
    return captures.looks(folder)


def _fetch(spec: SourceSpec, mode: Mode, home: Home) -> Fetched:
    from pipelines.landing import fetching

    return fetching.fetch(spec, mode, home)


def _is_live(spec: SourceSpec, mode: Mode) -> bool:
    return mode == "live" and spec.live is not None


def _folder(spec: SourceSpec, home: Home) -> Path:
    return home.landing / spec.family / spec.source_id


def _age(run: SourceRun) -> str:
    age = run.age_days
    return "" if age is None else f" Its newest observation is {age} {'day' if age == 1 else 'days'} old."


def _run(spec: SourceSpec, folder: Path, seen: list[Look], status: Status, message: str) -> SourceRun:
    found = {look.payload: item for look in seen if (item := payload_store.landed(folder / look.payload))}
    landed = list(found.values())
    known = [x.newest_known_from for x in landed if x.newest_known_from]
    observed = [x.newest_observed for x in landed if x.newest_observed]
    lows = [x.price_low for x in landed if x.price_low is not None]
    highs = [x.price_high for x in landed if x.price_high is not None]
    return SourceRun(
        source_id=spec.source_id,
        family=spec.family,
        status=status,
        message=message.strip(),
        payloads=len(landed),
        received=sum(x.received for x in landed),
        accepted=sum(x.accepted for x in landed),
        rejected=sum(x.rejected for x in landed),
        newest_known_from=max(known, default=None),
        newest_observed=max(observed, default=None),
        last_looked=max((look.day for look in seen if look.day), default=None),
        last_changed=_last_changed(seen, found),
        price_low=min(lows, default=None),
        price_high=max(highs, default=None),
    )


def _last_changed(seen: list[Look], found: dict[str, Landed]) -> str | None:
    """The last day on which a look showed figures that the looks of the day before had not shown."""
    by_day: dict[str, set[str]] = {}
    for look in seen:
        if look.day and look.payload in found:
            by_day.setdefault(look.day, set()).add(found[look.payload].figures)
    changed, before = None, set[str]()
    for day in sorted(by_day):
        if by_day[day] - before:
            changed = day
        before = by_day[day]
    return changed


def _keep_trace(folder: Path, error: Exception) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    text = f"{stamp}\n{''.join(traceback.format_exception(error))}"
    (folder / "last-error.txt").write_text(text, encoding="utf-8")
