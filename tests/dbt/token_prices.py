"""Builds the token price models alone, as of a day, from embedded sources or synthetic readings. Not here: tests."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipelines.home.build import Build
from pipelines.home.places import Home
from pipelines.landing import intake
from pipelines.warehouse import build_database
from sources.payload import Payload
from sources.registry import all_sources
from sources.token_prices import genai_prices
from tests.dbt.building import build_copy

MODELS = "+fct_token_price +token_price_asof +dim_model doubted_token_price"
TODAY = dt.date(2026, 11, 10)


def reading(day: str, models: dict[str, list[dict]]) -> Payload:
    """A synthetic live list of a day: by provider, models in the publisher's shape."""
    providers = [{"id": provider, "models": listed} for provider, listed in models.items()]
    stated = {"stated_at": f"{day}T12:00:00Z"}
    content = json.dumps(providers).encode()
    return Payload("genai_prices", "synthetic", content, "application/json", day, stated)


def land(
    folder: Path, readings: list[Payload] | None = None, live: Iterable[Payload] = (), beside: str = "benchmark_scores"
) -> Path:
    """A build database whose landing schema holds the family; `readings` in place of the embedded list and history.

    `live`: payloads of live sources, in the order they were read. `beside`: a family that lands embedded as well; the
    benchmark scores say when models were released.
    """
    home = Home(folder / "home")
    home.ensure()
    with pytest.MonkeyPatch.context() as patch:
        if readings is not None:
            patch.setattr(genai_prices, "fetch_offline", lambda spec: iter(readings))
        for spec in all_sources().values():
            whole = spec.family == beside or (spec.family == "token_prices" and readings is None)
            if whole or spec.source_id == "genai_prices":
                intake.ingest(spec, home, "offline")
    for payload in live:
        intake.land_payloads(all_sources()[payload.source_id], home, [payload])
    build_database.prepare(Build(home=home))
    return home.build_db


def build(folder: Path, database: Path, as_of: dt.date, more: str = "") -> Path:
    """A copy of the landed database with the models (and `more`) built as of a day, dbt's tests passed."""
    return build_copy(folder, database, as_of, f"{MODELS} {more}")
