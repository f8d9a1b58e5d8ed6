"""`rackhour tables`, `describe` and `sources`: what there is, as the release and the registry themselves say it."""

from __future__ import annotations

import csv
import json

import duckdb
import pytest

from pipelines.marts import gpu_hour_margin
from sources.registry import all_sources
from tests.conftest import rackhour


def rows(*arguments: str, home) -> list[dict]:
    outcome = rackhour(*arguments, "--format", "json", home=home)
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


def test_tables_are_those_of_the_release_with_their_rows(released_home):
    manifest = json.loads((released_home / "current" / "manifest.json").read_text())
    listed = {row["table"]: row for row in rows("tables", home=released_home)}
    assert {name: table["rows"] for name, table in manifest["tables"].items()}.items() <= {
        name: row["rows"] for name, row in listed.items()
    }.items()
    assert [name for name, row in listed.items() if not row["description"]] == []
    assert {row["kind"] for row in listed.values()} == {"answer", "panel", "audit"}


def test_a_table_is_described_column_by_column_with_its_units(released_home):
    described = {row["column"]: row for row in rows("describe", "gpu_hour_margin", home=released_home)}
    declared = gpu_hour_margin.SCHEMA.columns
    assert list(described) == [column.name for column in declared]
    assert {name: row["unit"] for name, row in described.items()} == {c.name: c.unit or "" for c in declared}
    assert all("Unit:" not in row["description"] for row in described.values())


def test_units_of_core_are_read_from_its_comments(released_home):
    described = {row["column"]: row for row in rows("describe", "core.headline_rate", home=released_home)}
    assert described["price_usd_per_gpu_hour"]["unit"] == "USD per GPU-hour"
    assert described["provider_count"]["unit"] == "Count"
    assert described["gpu"]["unit"] == ""
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as connection:
        types = dict(
            connection.sql(
                "select column_name, data_type from duckdb_columns() where table_name = 'headline_rate'"
            ).fetchall()
        )
    assert {name: row["type"] for name, row in described.items()} == types


@pytest.mark.parametrize(("name", "told"), [("headline", "core.headline_rate"), ("zzz", "`rackhour tables` lists")])
def test_a_table_that_is_none_is_told_with_the_nearest(released_home, name, told):
    outcome = rackhour("describe", name, home=released_home)
    assert outcome.returncode == 1
    assert told in outcome.stderr


def test_sources_are_those_of_the_registry(tmp_path):
    env = {"LAMBDA_API_KEY": "", "EIA_API_KEY": "k"}
    told = rackhour("sources", "--format", "csv", home=tmp_path / "home", env=env)
    listed = {row["source"]: row for row in csv.DictReader(told.stdout.splitlines())}
    assert set(listed) == set(all_sources())
    for name, spec in all_sources().items():
        assert listed[name]["publisher"] == spec.publisher
        assert ("embedded" in listed[name]["how"]) == (spec.offline is not None)
        assert ("live" in listed[name]["how"]) == (spec.live is not None)
    assert "LAMBDA_API_KEY" in listed["lambda_cloud"]["how"]
    assert "needs a key" not in listed["eia_api"]["how"]
    assert not (tmp_path / "home").exists()


def test_one_source_is_shown_with_its_files_and_what_has_landed(released_home):
    outcome = rackhour("sources", "colo_market_facts", "--format", "json", home=released_home)
    about = json.loads(outcome.stdout)
    assert about["publisher"] == all_sources()["colo_market_facts"].publisher
    assert about["entry"] == "sources/colo_rates/source.yml"
    assert about["data"] == "sources/colo_rates/curated/colo_market_facts.csv"
    assert "rows accepted" in about["landed here"]
    unknown = rackhour("sources", "colo_market", home=released_home)
    assert unknown.returncode == 1
    assert "colo_market_facts" in unknown.stderr
