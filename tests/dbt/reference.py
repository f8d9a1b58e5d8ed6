"""Builds the hardware, throughput and assumption models from their embedded sources, as of a day. Not here: tests."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import landing, warehouse
from pipelines.build import Build
from pipelines.home import Home
from sources.registry import all_sources

PROJECT = Path(__file__).parent.parent.parent / "dbt_project"
FAMILIES = ("hardware", "throughput", "assumptions")
MODELS = "enumeration_reference +throughput_profile +dim_scenario +impossible_throughput"
TODAY = dt.date(2026, 11, 10)


def land(folder: Path) -> Path:
    """A build database whose landing schema holds the three families."""
    home = Home(folder / "home")
    home.ensure()
    for spec in all_sources().values():
        if spec.family in FAMILIES:
            landing.ingest(spec, home, "offline")
    warehouse.prepare(Build(home=home))
    return home.build_db


def build(folder: Path, database: Path, as_of: dt.date) -> Path:
    """A copy of the landed database with the models built as of a day, dbt's tests passed."""
    made = folder / f"{as_of}.duckdb"
    shutil.copy(database, made)
    command = [sys.executable, "-m", "dbt.cli.main", "build", "--select", MODELS]
    # Tests that also read other families wait for a whole build.
    command += ["--indirect-selection", "buildable"]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    command += ["--vars", json.dumps({"as_of": as_of.isoformat()})]
    command += ["--target-path", str(folder / "target"), "--log-path", str(folder)]
    environment = {**os.environ, "RACKHOUR_BUILD_DB": str(made), "DBT_SEND_ANONYMOUS_USAGE_STATS": "0"}
    outcome = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if outcome.returncode != 0:
        pytest.fail(outcome.stdout[-3000:])
    return made
