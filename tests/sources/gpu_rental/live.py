"""Running a live rental source against the test server, as a live run does. Not here: any payload."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl

from pipelines.home.places import Home
from pipelines.landing import intake
from pipelines.landing.intake import SourceRun
from sources.registry import all_sources
from tests.server import PublisherServer

# Where each source asks, below its base address.
PATHS = {
    "gpurentalprices_live": "/latest.json",
    "vast": "/",
    "runpod": "/",
    "lambda_cloud": "/instance-types",
    "shadeform": "/instances/types",
}
TRACKER_DAYS = ("2026-07-05", "2026-07-20", "2026-08-01", "2026-08-15", "2026-08-22")


def look(source_id: str, body: bytes | object, server: PublisherServer, home: Home, monkeypatch, day: str) -> SourceRun:
    """One live run of a source on a day, with this answer."""
    base = server.base + ("/" if PATHS[source_id] == "/" else "")
    monkeypatch.setenv(f"RACKHOUR_BASE_{source_id.upper()}", base)
    monkeypatch.setenv("RACKHOUR_TODAY", day)
    for name in all_sources()[source_id].secrets:
        monkeypatch.setenv(name, "synthetic-key-0123456789")
    server.serve(PATHS[source_id], body if isinstance(body, bytes) else json.dumps(body).encode())
    return intake.ingest(all_sources()[source_id], home, "live")


def rows(source_id: str, home: Home, kind: str = "accepted") -> pl.DataFrame:
    """What landed of a source: its accepted or its rejected rows."""
    folders = intake.good_payloads(all_sources()[source_id], home)
    return pl.concat([pl.read_parquet(folder / f"{kind}.parquet") for folder in folders])


def tracker_file(shared: Path, day: str) -> bytes:
    """The tracker's real file of a day."""
    packed = shared / "data" / "gpu_rates" / "gpurentalprices_daily_json" / f"{day}.json.gz"
    return gzip.decompress(packed.read_bytes())


def sample(shared: Path, name: str) -> bytes:
    """A recorded answer of a marketplace."""
    return (shared / "data" / "gpu_rates" / name).read_bytes()
