"""Builds the hardware, throughput and assumption models from their embedded sources, as of a day. Not here: tests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipelines.home.build import Build
from pipelines.home.places import Home
from pipelines.landing import intake
from pipelines.warehouse import build_database
from sources.registry import all_sources
from tests.dbt.building import build_copy

FAMILIES = ("hardware", "throughput", "assumptions")
MODELS = "enumeration_reference +throughput_profile +dim_scenario +impossible_throughput"
TODAY = dt.date(2026, 11, 10)


def land(folder: Path) -> Path:
    """A build database whose landing schema holds the three families."""
    home = Home(folder / "home")
    home.ensure()
    for spec in all_sources().values():
        if spec.family in FAMILIES:
            intake.ingest(spec, home, "offline")
    build_database.prepare(Build(home=home))
    return home.build_db


def build(folder: Path, database: Path, as_of: dt.date) -> Path:
    """A copy of the landed database with the models built as of a day, dbt's tests passed."""
    # Tests that also read other families wait for a whole build.
    return build_copy(folder, database, as_of, MODELS, "--indirect-selection", "buildable")
