"""Seeds from the tests' own synthetic payloads: `python -m bench.seed_recorder` runs the connectors' tests that need no
real payload, watches what `parse` is given, and writes the richest few per source to tests/fuzz/seeds.

Run it when a connector is new or its synthetic payloads have changed. Not here: real payloads (they stay where they
are), what is done with the seeds (bench/seeds.py).
"""

from __future__ import annotations

import base64
import shutil
import sys
from collections.abc import Callable
from types import ModuleType

import polars as pl
import pytest

from bench.seeds import LARGEST, SYNTHETIC
from pipelines.landing import payload_store
from pipelines.landing.captures import write_json
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec, all_sources

MOST = 5  # seeds of one source
DAY = "2026-11-20"


class Recorder:
    """A pytest plugin that keeps every payload a connector of a source without embedded data is given."""

    def __init__(self) -> None:
        self.seen: dict[str, dict[str, Payload]] = {}

    def watch(self) -> None:
        """Put a note-taker before every connector's `parse`, before any test imports it."""
        for module in {spec.connector: spec.load_connector() for spec in _fetched()}.values():
            module.parse = self._noted(module)  # type: ignore[attr-defined]

    def _noted(self, module: ModuleType) -> Callable[[Payload], pl.DataFrame]:
        parse = module.parse

        def noted(payload: Payload) -> pl.DataFrame:
            self.seen.setdefault(payload.source_id, {})[payload.sha256] = payload
            frame: pl.DataFrame = parse(payload)
            return frame

        return noted


def _fetched() -> list[SourceSpec]:
    return [spec for spec in all_sources().values() if spec.live and not spec.offline]


def _rows(spec: SourceSpec, payload: Payload) -> int:
    """Accepted rows, none where it cannot be read: a seed must be good."""
    try:
        return payload_store.read(spec, payload).accepted.height
    except SourceError:
        return 0


def _note(payload: Payload) -> dict[str, object]:
    """A seed as it is kept: text where the payload is text, so that a reader sees what it holds."""
    try:
        body = {"text": payload.content.decode()}
    except UnicodeDecodeError:
        body = {"base64": base64.b64encode(payload.content).decode()}
    return {
        "origin": "synthetic, recorded from a test",
        "media_type": payload.media_type,
        "observed_on": payload.observed_on and DAY,
        "metadata": {k: v for k, v in payload.metadata.items() if k != "date" and "127.0.0.1" not in v},
        **body,
    }


def main() -> None:
    """Run the tests, choose, write."""
    recorder = Recorder()
    recorder.watch()
    status = pytest.main(
        ["-q", "-m", "not shared", "--continue-on-collection-errors", *(sys.argv[1:] or ["tests/sources"])],
        plugins=[recorder],
    )
    for spec in _fetched():
        payloads = [p for p in recorder.seen.get(spec.source_id, {}).values() if len(p.content) <= LARGEST]
        counted = sorted(((_rows(spec, p), p.sha256, p) for p in payloads), key=lambda item: (-item[0], item[1]))
        chosen = [payload for rows, _, payload in counted if rows][:MOST]
        if not chosen:
            print(f"{spec.source_id}: none recorded, what lies there stays")
            continue
        shutil.rmtree(SYNTHETIC / spec.source_id, ignore_errors=True)
        for number, payload in enumerate(chosen, 1):
            write_json(SYNTHETIC / spec.source_id / f"{number}.json", _note(payload))
        print(f"{spec.source_id}: {len(chosen)} of {len(payloads)}")
    sys.exit(int(status))


if __name__ == "__main__":
    main()
