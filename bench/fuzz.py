"""`python -m bench.fuzz --cases 10000 --seed 1`: damaged payloads against every connector and its contract.

For every case one of two things must hold. Either the payload is refused whole by a SourceError that names the source
and what is wrong, or received = accepted + rejected, every rejected row names a field and a rule, and every accepted
row lies within its contract's bounds, read here from the contract by other code than the contract's own. No other
exception, no case longer than SECONDS or taking more than MEGABYTES.

Not here: the mutations (bench/mutations.py), the payloads they start from (bench/seeds.py).
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import stamina

from bench.mutations import BYTES, mutations_of
from bench.seeds import seeds
from pipelines.home.places import Home
from pipelines.landing import fetching, intake, payload_store
from sources.client import ATTEMPTS
from sources.contract import Contract, Validation
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec, all_sources
from sources.token_prices.genai_prices import MODULE_TYPE

if TYPE_CHECKING:
    from tests.server import PublisherServer

ROOT = Path(__file__).parent.parent
SECONDS = 20
MEGABYTES = 700
OWN_MODULE_WEIGHT = 4  # a publisher's own parser is worth more cases than one more file for the common CSV reader


class Broken(Exception):
    """A property that does not hold."""


class TooSlow(BaseException):
    """A case over its time; no handler of the code under test may swallow it."""


@dataclasses.dataclass(frozen=True)
class Case:
    """One damaged payload, found again by seed, source and number."""

    source_id: str
    number: int
    mutation: str
    payload: Payload


@dataclasses.dataclass
class Tally:
    """What became of the cases of one connector and mutation."""

    cases: int = 0
    refused: int = 0
    unforeseen: int = 0  # of the refused: by landing, for a parser that met a shape it does not name
    received: int = 0
    rejected: int = 0
    crashes: int = 0

    def __iadd__(self, other: Tally) -> Tally:
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))
        return self


def case_of(source_id: str, number: int, seed: int, good: list[Payload]) -> Case:
    """The same case for the same seed, source and number."""
    rng = random.Random(f"{seed}:{source_id}:{number}")
    payload, turn = good[number % len(good)], number // len(good)
    fitting = BYTES if payload.media_type == MODULE_TYPE else mutations_of(payload.content)
    names = random.Random(f"{seed}:{source_id}").sample(list(fitting), len(fitting))
    name = names[turn % len(names)]
    content = fitting[name](rng, payload.content)
    if rng.random() < 0.15 and 50 < len(content) < 10**6:
        content, name = rng.choice(list(BYTES.values()))(rng, content), f"{name} + another"
    return Case(source_id, number, name, dataclasses.replace(payload, content=content))


def check(spec: SourceSpec, payload: Payload) -> Tally:
    """Read one payload in memory and hold the outcome to the properties. Raises Broken where one does not hold."""
    with within_limits():
        try:
            outcome = payload_store.read(spec, payload)
        except SourceError as error:
            told(error, spec)
            return Tally(1, refused=1, unforeseen=int("its parser does not know" in error.problem))
    holds(outcome, spec.load_contract())
    return Tally(1, received=outcome.received, rejected=outcome.rejected.height)


def told(error: SourceError, spec: SourceSpec) -> None:
    """A refusal names the source and says what is wrong."""
    says = error.source_id == spec.source_id and str(error).startswith(spec.source_id)
    if not says or not 10 <= len(error.problem) <= 2000:
        raise Broken(f"a refusal that does not say enough: {error!r}")


def holds(outcome: Validation, contract: Contract) -> None:
    """Rows add up, rejections have reasons, accepted rows are within bounds."""
    if outcome.received != outcome.accepted.height + outcome.rejected.height:
        raise Broken(f"{outcome.received} received, {outcome.accepted.height} + {outcome.rejected.height}")
    for row in outcome.rejected.iter_rows(named=True):
        if not row["field"] or not row["rule"] or not row["all_failures"] or row["row_number"] is None:
            raise Broken(f"a rejection without its reason: {row}")
    for name, column in contract.schema.columns.items():
        values = outcome.accepted[name]
        if values.dtype != contract.dtypes[name]:
            raise Broken(f"{name} is {values.dtype}, not {contract.dtypes[name]}")
        if not column.nullable and values.null_count():
            raise Broken(f"{name} is null in an accepted row")
        if values.dtype.is_float() and not values.drop_nulls().is_finite().all():
            raise Broken(f"{name} is not finite in an accepted row")
        for rule in column.checks or []:
            for value in values.drop_nulls().unique():
                if not _within(value, rule.name or "", rule.statistics or {}):
                    raise Broken(f"{name} = {value!r} was accepted against {rule.name} {rule.statistics}")
    if {"valid_from", "valid_to"} <= set(outcome.accepted.columns):
        backwards = outcome.accepted.filter(pl.col("valid_to") <= pl.col("valid_from"))
        if backwards.height:
            raise Broken(f"{backwards.height} accepted rows end before they begin")


def _within(value: object, rule: str, bounds: dict[str, object]) -> bool:
    """One value against one rule of a column, by plain comparison."""
    tests = {
        "greater_than": lambda v: v > bounds["min_value"],
        "greater_than_or_equal_to": lambda v: v >= bounds["min_value"],
        "less_than": lambda v: v < bounds["max_value"],
        "less_than_or_equal_to": lambda v: v <= bounds["max_value"],
        "equal_to": lambda v: v == bounds["value"],
        "isin": lambda v: v in bounds["allowed_values"],
        "str_length": lambda v: (
            (bounds.get("min_value") or 0) <= len(v) <= (bounds.get("max_value") or float("inf"))
        ),
    }  # fmt: skip
    known = tests.get(rule)
    return True if known is None else bool(known(value))


@contextmanager
def within_limits() -> Iterator[None]:
    """A time and memory cap around one reading."""

    def ring(*_: object) -> None:
        raise TooSlow(f"longer than {SECONDS} s")

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    old = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    if grown > MEGABYTES:
        raise Broken(f"took {grown:.0f} MB")


def plan(good: dict[str, list[Payload]], cases: int) -> dict[str, int]:
    """How many cases each source gets; sources without a seed get none."""
    specs = all_sources()
    weights = {
        source_id: 1 if specs[source_id].connector == "curated" else OWN_MODULE_WEIGHT
        for source_id, payloads in good.items()
        if payloads
    }
    total = sum(weights.values())
    return {source_id: -(-cases * weight // total) for source_id, weight in weights.items()}


def run(good: dict[str, list[Payload]], cases: int, seed: int, keep: Path | None = None) -> Outcome:
    """Every case in memory. A crash is counted and told, and its bytes are kept where a folder is given."""
    specs = all_sources()
    outcome = Outcome()
    for source_id, count in plan(good, cases).items():
        for number in range(count):
            case = case_of(source_id, number, seed, good[source_id])
            try:
                tally = check(specs[source_id], case.payload)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                tally = Tally(1, crashes=1)
                outcome.note(case, error, keep)
            outcome.tallies[source_id, case.mutation] += tally
    return outcome


@dataclasses.dataclass
class Outcome:
    """Tallies by source and mutation, and the crashes told."""

    tallies: dict[tuple[str, str], Tally] = dataclasses.field(default_factory=lambda: defaultdict(Tally))
    crashes: list[str] = dataclasses.field(default_factory=list)

    def note(self, case: Case, error: BaseException, keep: Path | None = None) -> None:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        self.crashes.append(f"{case.source_id} case {case.number} ({case.mutation}): {error!r:.300} at {where}")
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{case.source_id}-{case.number}").write_bytes(case.payload.content)

    def by(self, place: int) -> dict[str, Tally]:
        """Tallies added up by source (0) or mutation (1)."""
        summed: dict[str, Tally] = defaultdict(Tally)
        for key, tally in self.tallies.items():
            summed[key[place].removesuffix(" + another")] += tally
        return dict(sorted(summed.items()))

    @property
    def total(self) -> Tally:
        total = Tally()
        for tally in self.tallies.values():
            total += tally
        return total


class Way:
    """How a payload gets into landing: asked for over HTTP where one answer is one payload, else handed over."""

    def __init__(self, spec: SourceSpec, server: PublisherServer, good: Payload) -> None:
        # Publishers are asked at their pace; the server here is our own.
        self.spec = spec.model_copy(update={"requests_per_second": 10_000})
        self._server = server
        self._home_variable = f"RACKHOUR_BASE_{spec.source_id.upper()}"
        self.name = "handed over"
        if spec.live and not spec.offline and self._comes_back(good):
            self.name = "over HTTP"

    def _comes_back(self, good: Payload) -> bool:
        with self._served(good.content):
            try:
                fetched = fetching.fetch(self.spec, "live")
            except SourceError:
                return False
        return any(isinstance(item, Payload) and item.content == good.content for item in fetched)

    @contextmanager
    def _served(self, content: bytes) -> Iterator[None]:
        self._server.forget()
        self._server.serve("*", content)
        kept = dict(os.environ)
        os.environ.update({self._home_variable: self._server.base, **dict.fromkeys(self.spec.secrets, "synthetic")})
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(kept)

    def land(self, payload: Payload, home: Home) -> intake.SourceRun:
        """One ingest, as a run would do it."""
        if self.name == "over HTTP":
            with self._served(payload.content):
                return intake.ingest(self.spec, home, "live")
        return intake.ingest(self.spec, home, "offline", answers=lambda: [payload])


def land_sample(good: dict[str, list[Payload]], cases: int, seed: int) -> Counter[str]:
    """Cases through the whole of landing, its files included; gives how they ended, by way and status.

    A source that has landed once never loses its last good rows, whatever comes next. Raises Broken.
    """
    from tests.server import PublisherServer

    specs = all_sources()
    counted: Counter[str] = Counter()
    server = PublisherServer()
    with tempfile.TemporaryDirectory() as scratch, without_waits():
        for source_id, count in plan(good, cases).items():
            home = Home(Path(scratch) / source_id)
            home.ensure()
            way = Way(specs[source_id], server, good[source_id][0])
            first = way.land(good[source_id][0], home)
            if not first.accepted:
                raise Broken(f"{source_id}: its good payload did not land ({first.message})")
            for number in range(count):
                case = case_of(source_id, number, seed + 1, good[source_id])
                where = f"{source_id} case {number} ({case.mutation})"
                try:
                    with within_limits():
                        state = way.land(case.payload, home)
                except Exception as error:
                    raise Broken(f"{where}: {error!r}") from error
                if state.received != state.accepted + state.rejected or not state.accepted:
                    raise Broken(f"{where}: {state}")
                if state.status in ("failed", "partial") and len(state.message) < 20:
                    raise Broken(f"{where} failed without a reason")
                counted[f"{way.name}, {state.status}"] += 1
    server.close()
    return counted


@contextmanager
def without_waits() -> Iterator[None]:
    """As many tries as in a real run, without the waits between them."""
    stamina.set_testing(True, attempts=ATTEMPTS)
    try:
        yield
    finally:
        stamina.set_testing(False)


def table(tallies: dict[str, Tally], head: str) -> str:
    """Markdown: what became of the cases."""
    lines = [
        f"| {head} | cases | refused whole | of these for a shape unknown | rows received | rejected | crashes |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, tally in tallies.items():
        figures = dataclasses.astuple(tally)
        lines.append(f"| {name} | " + " | ".join(f"{figure:,}" for figure in figures) + " |")
    return "\n".join(lines)


def main() -> None:
    """Run the cases, print the tables; exit 1 where a property did not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--landed", type=int, default=400, help="of other cases, how many go through landing's files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="these sources alone")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="where the real payloads lie")
    parser.add_argument("--csv", type=Path, help="write source x mutation to this file")
    parser.add_argument("--keep", type=Path, help="keep payloads that crashed in this folder")
    parser.add_argument("--marts", action="store_true", help="whole refreshes with flipped prices instead")
    asked = parser.parse_args()
    if asked.marts:
        from bench.fuzz_marts import run_marts

        sys.exit(bool(run_marts(asked.shared, asked.seed)))
    found = seeds(asked.shared if asked.shared.is_dir() else None)
    good = {name: payloads for name, payloads in found.items() if not asked.only or name in asked.only}
    started = time.monotonic()
    outcome = run(good, asked.cases, asked.seed, asked.keep)
    seconds = time.monotonic() - started
    print(table({**outcome.by(0), "all": outcome.total}, "source"), end="\n\n")
    print(table(outcome.by(1), "mutation"), end="\n\n")
    if asked.csv:
        write_cross_table(outcome, asked.csv)
    landed = land_sample(good, asked.landed, asked.seed) if asked.landed else Counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{outcome.total.cases:,} cases in {seconds:.0f} s; seed {asked.seed}; peak {peak:.0f} MB")
    print("through landing: " + ", ".join(f"{count} {how}" for how, count in sorted(landed.items())))
    print("not fuzzed, no payload to start from: " + (", ".join(n for n, p in good.items() if not p) or "none"))
    for crash in outcome.crashes[:40]:
        print(f"CRASH {crash}")
    sys.exit(bool(outcome.crashes))


def write_cross_table(outcome: Outcome, path: Path) -> None:
    """Source x mutation as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["source_id", "mutation", *[field.name for field in dataclasses.fields(Tally)]])
        for (source_id, mutation), tally in sorted(outcome.tallies.items()):
            writer.writerow([source_id, mutation, *dataclasses.astuple(tally)])


if __name__ == "__main__":
    main()
