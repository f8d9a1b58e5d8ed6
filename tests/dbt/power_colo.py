"""Builds the power and colocation models alone, from their embedded sources, as of a day. Not here: tests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipelines.home.build import Build
from pipelines.home.places import Home
from pipelines.landing import intake
from pipelines.warehouse import build_database
from sources.registry import all_sources
from tests.dbt.building import build_copy

FAMILIES = ("power_prices", "colo_rates")
SEEDS = "enumeration_power enumeration_colo"
MODELS = (
    "+power_price_asof +power_interval_price +colo_rate_asof +dim_market "
    "+stg_power_prices__unmapped +stg_colo_rates__unmapped"
)
TODAY = dt.date(2026, 11, 10)


def land(folder: Path) -> Path:
    """A build database whose landing schema holds the two families."""
    home = Home(folder / "home")
    home.ensure()
    for spec in all_sources().values():
        if spec.family in FAMILIES:
            intake.ingest(spec, home, "offline")
    build_database.prepare(Build(home=home))
    return home.build_db


def build(folder: Path, database: Path, as_of: dt.date) -> Path:
    """A copy of the landed database with the models built as of a day, dbt's tests passed."""
    return build_copy(folder, database, as_of, f"{SEEDS} {MODELS}")
