"""Lands real vintages of power prices in order, each as a look on its own day, through server, client and landing, and
builds the power models on them. Not here: tests.
"""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import polars as pl
import pytest

from pipelines.home.build import Build
from pipelines.home.places import Home
from pipelines.landing import intake
from pipelines.warehouse import build_database
from sources.registry import all_sources
from tests.dbt.building import build_copy
from tests.server import PublisherServer

EMBEDDED = ("eia861m_retail_prices", "eia861m_captures", "ember_day_ahead", "ember_captures", "ecb_eurusd_monthly")
MODELS = "enumeration_power +fct_power_price +power_interval_price +stg_power_prices__unmapped"


def look(home: Home, server: PublisherServer, source_id: str, day: str, body: bytes) -> tuple[intake.SourceRun, float]:
    """One look at a source on a day, whose publisher says `body`: what landed, and the seconds it took."""
    server.forget()
    server.serve("/it", body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"RACKHOUR_BASE_{source_id.upper()}", server.base + "/it")
        patch.setenv("RACKHOUR_TODAY", day)
        started = time.monotonic()
        run = intake.ingest(all_sources()[source_id], home, "live")
    return run, time.monotonic() - started


def empty_home(folder: Path) -> Home:
    """A home with the embedded sources of the family, which the exchange rates come from."""
    home = Home(folder / "home")
    home.ensure()
    for source_id in EMBEDDED:
        intake.ingest(all_sources()[source_id], home, "offline")
    return home


def built(home: Home, folder: Path, as_of: str) -> Path:
    """The power models as of a day, dbt's own tests passed."""
    build_database.prepare(Build(home=home))
    return build_copy(folder, home.build_db, as_of, MODELS, "--exclude", "colo_markets_are_known")


def real(path: Path) -> pl.DataFrame:
    """A gzipped CSV of ../shared as it stands."""
    return pl.read_csv(gzip.decompress(path.read_bytes()), infer_schema_length=None)
