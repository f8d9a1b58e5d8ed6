"""Every accepted row of every source is accounted for, on real looks as well: one home per family, several days.

Not here: that the audit blocks where one is not (tests/release/test_unmapped.py), which rule speaks when.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.home.build import Build
from pipelines.home.places import Home
from pipelines.landing import intake
from pipelines.warehouse import build_database
from sources.payload import Payload
from sources.registry import SourceSpec, all_sources
from tests.dbt import test_gpu_rental_live, test_power_vintages, test_token_prices_live
from tests.dbt.building import build_copy
from tests.dbt.power_looks import empty_home, look, real
from tests.dbt.token_prices import land
from tests.server import PublisherServer
from tests.sources.power_prices.eia_rows import workbook

WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
rents, tokens = test_gpu_rental_live.landed, test_token_prices_live.landed


@pytest.fixture(scope="module")
def embedded(tmp_path_factory) -> tuple[Path, Path]:
    """Every embedded source."""
    folder = tmp_path_factory.mktemp("embedded")
    home = Home(folder / "home")
    home.ensure()
    for spec in all_sources().values():
        if spec.offline:
            intake.ingest(spec, home, "offline")
    build_database.prepare(Build(home=home))
    return folder, home.build_db


@pytest.fixture(scope="module")
def power(shared, tmp_path_factory) -> tuple[Path, Path]:
    """Real captures of the agency's workbook, one after another, two of them on one day."""
    folder = tmp_path_factory.mktemp("power")
    home, server = empty_home(folder), PublisherServer()
    raw = real(shared / test_power_vintages.EIA)
    days = test_power_vintages.EIA_DAYS
    for shown, day in [*zip(days, days, strict=True), (days[0], days[-1])]:
        look(home, server, "eia861m_workbook", day, workbook(raw.filter(pl.col("vintage_date") == shown)))
    server.close()
    build_database.prepare(Build(home=home))
    return folder, home.build_db


def accounts(landed: tuple[Path, Path], day: str) -> pl.DataFrame:
    """The accounts as of a day, of sources that landed anything."""
    made = build_copy(*landed, dt.date.fromisoformat(day), "+source_account", *WITHOUT_TESTS)
    with duckdb.connect(str(made), read_only=True) as connection:
        return connection.sql("from core.source_account where accepted_rows > 0").pl()


def known_rows(spec: SourceSpec, folder: Path, day: dt.date) -> int:
    """Accepted rows of an embedded source that say they were known by a day, or do not say since when they are."""
    rows = pl.concat(
        [pl.read_parquet(path / "accepted.parquet") for path in intake.good_payloads(spec, Home(folder / "home"))]
    )
    dated = [name for name in ("known_from", "capture_date") if name in rows.columns]
    return rows.filter(pl.col(dated[0]).fill_null(day) <= day).height if dated else rows.height


def hold(found: pl.DataFrame) -> None:
    off = found.filter((pl.col("difference_rows") != 0) | (pl.col("unseen_fact_rows") != 0))
    assert off.is_empty(), off.to_dicts()


@pytest.mark.parametrize("day", ["2026-11-10", "2025-01-15"])
def test_embedded_rows_are_accounted_for(embedded, day):
    found = accounts(embedded, day)
    hold(found)
    shown = {row["source_id"]: row["accepted_rows"] for row in found.to_dicts()}
    for spec in all_sources().values():
        if spec.offline:
            assert shown.get(spec.source_id, 0) == known_rows(spec, embedded[0], dt.date.fromisoformat(day))
    # A binding has no date of its own; no document was known by the earlier day.
    bindings = found.filter(pl.col("source_id").str.starts_with("claim_bindings_"))
    counted = "left_out_rows" if day == "2025-01-15" else "in_facts_rows"
    assert bindings[counted].to_list() == bindings["accepted_rows"].to_list()


@pytest.mark.shared
@pytest.mark.parametrize("day", ["2026-11-10", "2026-08-05"])
def test_live_rents_are_accounted_for(rents, day):
    found = accounts(rents, day)
    hold(found)
    tracker = found.row(by_predicate=pl.col("source_id") == "gpurentalprices_live", named=True)
    assert "handed_over" in tracker["rules"]
    # On the earlier day the record tells all that the live rows say.
    assert (tracker["folded_rows"] > 0) == (day == "2026-11-10")


def models(count: int, day: str) -> Payload:
    """A synthetic list of OpenRouter's with so many models, read on a day."""
    data = [{"id": f"lab/m{at}", "pricing": {"prompt": "0.000001", "completion": "0.000002"}} for at in range(count)]
    return Payload("openrouter", "synthetic", json.dumps({"data": data}).encode(), "application/json", day)


def test_a_list_that_loses_most_of_its_models_closes_no_price_and_is_told(tmp_path):
    """Synthetic: 41 models, then 3, then 41 again."""
    looks = [models(41, "2026-11-18"), models(3, "2026-11-19"), models(41, "2026-11-20")]
    landed = tmp_path, land(tmp_path, live=looks)
    for day, told in (("2026-11-19", "all on 2026-11-19: 6 of 82 rows"), ("2026-11-20", None)):
        made = build_copy(*landed, dt.date.fromisoformat(day), "+source_account", *WITHOUT_TESTS)
        with duckdb.connect(str(made), read_only=True) as connection:
            counted = "select count(*), count(valid_to) from core.fct_token_price where source_id = 'openrouter'"
            assert connection.sql(counted).fetchone() == (82, 0)
            account = connection.sql("from core.source_account where source_id = 'openrouter'").pl().row(0, named=True)
            assert (account["shrunk_lists"], account["difference_rows"]) == (told, 0)


@pytest.mark.shared
@pytest.mark.parametrize("day", ["2026-11-10", "2026-09-01"])
def test_live_token_prices_are_accounted_for(tokens, day):
    found = accounts(tokens, day)
    hold(found)
    assert found.filter(pl.col("source_id") == "litellm")["folded_rows"][0] > 0


@pytest.mark.shared
@pytest.mark.parametrize("day", ["2026-11-10", "2024-06-01"])
def test_restated_power_prices_are_accounted_for(power, day):
    found = accounts(power, day)
    hold(found)
    assert found.filter(pl.col("source_id") == "eia861m_workbook")["folded_rows"][0] > 0
