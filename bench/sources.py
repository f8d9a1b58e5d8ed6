"""`python -m bench.sources`: every real payload beside the repository through a local server, the client and landing.

Writes docs/sources_measured.csv, which docs/built/sources.md shows. Not here: what the payloads hold (each source's
tests).
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from bench.real_payloads import RealPayload, real_payloads
from pipelines.home.places import Home
from pipelines.landing import fetching, intake
from sources.client import open_client
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec, all_sources
from tests.server import PublisherServer

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "sources_measured.csv"
HEADER = ("source_id", "payload", "day", "received", "accepted", "rejected", "rejected_by_rule", "seconds")
MOST_RULES = 5


@contextmanager
def environment(**values: str):
    """These variables for a while."""
    kept = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def measured(real: RealPayload, home: Home, server: PublisherServer) -> tuple[object, ...]:
    """One payload fetched and landed in a fresh home, as on its day; its line of the table."""
    spec = all_sources()[real.source_id].model_copy(update={"requests_per_second": 10_000})
    server.forget()
    server.serve("*", real.content())
    keys = dict.fromkeys(spec.secrets, "synthetic-key")
    base = {f"RACKHOUR_BASE_{spec.source_id.upper()}": server.base + "/"}
    with environment(RACKHOUR_TODAY=real.observed_on, **base, **keys):
        started = time.perf_counter()
        run = intake.ingest(spec, home, "live", answers=lambda: _asked(spec, real, home))
        seconds = time.perf_counter() - started
    if run.status not in ("ok", "partial"):
        raise SystemExit(f"{real.path.name}: {run.status} {run.message}")
    folders = intake.good_payloads(spec, home)
    rejected = pl.concat([pl.read_parquet(folder / "rejected.parquet") for folder in folders])
    rules = Counter(rule_of(row) for row in rejected.iter_rows(named=True))
    counts = (run.received, run.accepted, run.rejected, told(rules), f"{seconds:.2f}")
    return (spec.source_id, real.path.name, real.observed_on, *counts)


def _asked(spec: SourceSpec, real: RealPayload, home: Home) -> list[Payload | SourceError]:
    """What the publisher's module yields; the same document given for every group counts once."""
    if real.history:
        with open_client(spec) as client:
            answers = list(spec.load_connector().fetch_range(spec, client, *real.history))
    else:
        answers = fetching.fetch(spec, "live", home)
    payloads = {answer.sha256: answer for answer in answers if isinstance(answer, Payload)}
    return list(payloads.values()) or answers


def rule_of(row: dict[str, object]) -> str:
    """A rejection's first reason, its figures and names left out."""
    rule = str(row["rule"])
    if row["field"] != "row":
        return f"{row['field']}: {rule.partition('(')[0]}"
    return re.sub(r"-?\d[\d.e+-]*", "N", re.sub(r"^\S+: ", "", rule))[:90]


def told(rules: Counter[str]) -> str:
    """Rules with their counts, the most frequent first."""
    shown = [f"{count} {rule}" for rule, count in rules.most_common(MOST_RULES)]
    others = rules.total() - sum(count for _, count in rules.most_common(MOST_RULES))
    return "; ".join([*shown, *([f"{others} others"] if others else [])])


def main() -> None:
    """Measure all and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="where the real payloads lie")
    parser.add_argument("--out", type=Path, default=TARGET)
    asked = parser.parse_args()
    server = PublisherServer()
    lines = []
    with tempfile.TemporaryDirectory() as scratch:
        for number, real in enumerate(real_payloads(asked.shared)):
            home = Home(Path(scratch) / str(number))
            home.ensure()
            lines.append(measured(real, home, server))
            print(*lines[-1], sep="  ")
    server.close()
    with asked.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([HEADER, *lines])


if __name__ == "__main__":
    main()
