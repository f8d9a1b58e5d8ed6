"""Rows of core explained, held against SQL of its own on the same release."""

from __future__ import annotations

import json
import shutil
import statistics
from pathlib import Path

import duckdb
import pytest

from pipelines.explain.document import as_json
from pipelines.explain.explaining import ALL, explain
from pipelines.explain.text import as_text
from pipelines.home.places import Home
from pipelines.release import query
from tests.conftest import rackhour

FACTS = {
    "fct_benchmark_score": "score",
    "fct_colo_rate": "rate_usd_per_kw_month",
    "fct_gpu_rental_index": "price_usd_per_gpu_hour",
    "fct_gpu_rental_panel": "price_usd_per_gpu_hour",
    "fct_gpu_rental_rate": "price_usd_per_gpu_hour",
    "fct_hardware": "value",
    "fct_power_price": "price_usd_per_kwh",
    "fct_serving_point": "tokens_per_s_per_gpu",
    "fct_throughput": "output_tokens_per_s_per_gpu",
    "fct_token_price": "price_usd_per_mtok",
    "fct_token_usage": "input_tokens",
    "fct_utilisation": "value",
}
"""Every fact table of the release, and the figure its rows are about."""

MADE_OF = {
    "headline_rate": ("fct_gpu_rental_rate", "price_usd_per_gpu_hour"),
    "power_price_asof": ("fct_power_price", "price_usd_per_kwh"),
    "colo_rate_asof": ("fct_colo_rate", "rate_usd_per_kw_month"),
    "throughput_median": ("fct_throughput", "output_tokens_per_s_per_gpu"),
    "throughput_profile": ("fct_throughput", "output_tokens_per_s_per_gpu"),
}
"""Tables whose rows are made of observations: the facts they come from, and the figure."""


@pytest.fixture(scope="module")
def connection(released_home: Path):
    return query.connect(Home(released_home))


def document(connection, *arguments: str) -> dict:
    return json.loads(as_json(explain(connection, *arguments)))


def rows_of(connection, statement: str, *values: object) -> list[dict]:
    told = connection.execute(statement, list(values))
    names = [column[0] for column in told.description]
    return [dict(zip(names, row, strict=True)) for row in told.fetchall()]


def same(observation: dict, fact: dict, figure: str, sources: dict) -> None:
    """An observation as explained is the fact's row as SQL gives it."""
    assert observation["value"] == pytest.approx(float(fact[figure]))
    for name in ("source_id", "grade", "citation", "known_basis"):
        assert observation[name] == fact[name]
    for name in ("valid_from", "valid_to", "known_from", "known_to", "last_observed"):
        assert observation.get(name) == (fact[name] and fact[name].isoformat())
    assert observation["publisher"] == fact.get("publisher") or sources[fact["source_id"]]


@pytest.fixture(scope="module")
def sources(connection) -> dict[str, str]:
    return dict(connection.sql("select source_id, publisher from rackhour.core.dim_source").fetchall())


def test_every_fact_table_is_named_here(connection):
    there = connection.sql(
        "select distinct table_name from duckdb_columns() where database_name = 'rackhour' and schema_name = 'core' "
        "and table_name like 'fct_%'"
    ).fetchall()
    assert {name for (name,) in there} == set(FACTS)


@pytest.mark.parametrize("table", FACTS)
def test_a_fact_shows_its_columns_and_who_stated_it(connection, sources, table):
    ids = connection.sql(
        f"select observation_id from rackhour.core.{table} using sample reservoir(4 rows) repeatable (1)"
    ).fetchall()
    for (name,) in ids:
        told = document(connection, f"core.{table}", f"observation_id = '{name}'")
        (fact,) = rows_of(connection, f"from rackhour.core.{table} where observation_id = ?", name)
        assert told["table"] == f"core.{table}"
        assert told["matching_rows"] == 1
        assert set(told["row"]) == set(fact)
        assert all(column["meaning"] for column in told["row"].values())
        ((figure, node),) = told["figures"].items()
        assert figure == FACTS[table]
        assert node["value"] == pytest.approx(float(fact[figure]))
        (observation,) = node["observations"]
        assert observation["observation_id"] == name
        same(observation, fact, figure, sources)


@pytest.mark.parametrize("table", MADE_OF)
def test_a_row_made_of_observations_shows_each_of_them(connection, sources, table):
    facts, figure = MADE_OF[table]
    picked = rows_of(
        connection,
        f"from rackhour.core.{table} where {figure} is not null using sample reservoir(5 rows) repeatable (2)",
    )
    for row in picked:
        where = " and ".join(
            f"{name} = '{str(value).replace(chr(39), chr(39) * 2)}'"
            for name, value in row.items()
            if isinstance(value, str) or name == "as_of_date"
        )
        told = document(connection, f"core.{table}", where, figure)
        node = told["figures"][figure]
        assert node["value"] == pytest.approx(float(row[figure]))
        assert node["meaning"]
        stated = {
            fact["observation_id"]: fact
            for fact in rows_of(
                connection, f"from rackhour.core.{facts} where list_contains(?, observation_id)", row["observation_ids"]
            )
        }
        assert [found["observation_id"] for found in node["observations"]] == row["observation_ids"]
        for found in node["observations"]:
            same(found, stated[found["observation_id"]], figure, sources)


def test_a_headline_is_the_median_of_the_observations_it_shows(connection):
    told = document(connection, "core.headline_rate", "gpu = 'H100 SXM' and commitment = 'on_demand'")
    node = told["figures"]["price_usd_per_gpu_hour"]
    asked = [found["value"] for found in node["observations"]]
    assert node["value"] == pytest.approx(statistics.median(asked), abs=1e-8)
    newest = connection.sql("select max(as_of_date) from rackhour.core.headline_rate").fetchall()[0][0]
    assert told["row"]["as_of_date"]["value"] == newest.isoformat()


def test_a_token_price_in_force_shows_the_observation_of_its_own_kind(connection):
    kinds = ("input", "cached_input", "cache_write", "cache_write_1h", "output")
    columns = " and ".join(f"{kind}_usd_per_mtok is not null" for kind in kinds)
    told = document(connection, "core.token_price_asof", columns, ALL)
    assert set(told["figures"]) == {f"{kind}_usd_per_mtok" for kind in kinds}
    for kind in kinds:
        node = told["figures"][f"{kind}_usd_per_mtok"]
        (observation,) = node["observations"]
        fact = connection.execute(
            "select token_kind, price_usd_per_mtok from rackhour.core.fct_token_price where observation_id = ?",
            [observation["observation_id"]],
        ).fetchall()
        assert fact[0][0] == kind
        assert node["value"] == observation["value"] == pytest.approx(float(fact[0][1]))


def test_a_bare_name_is_a_mart_first_and_a_core_table_then(connection):
    assert explain(connection, "gpu_hour_margin").table == "marts.gpu_hour_margin"
    assert explain(connection, "headline_rate").table == "core.headline_rate"


def test_the_text_says_columns_meaning_and_observations(released_home):
    told = rackhour("explain", "core.headline_rate", "--where", "gpu = 'H200'", home=released_home)
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert lines[0] == "core.headline_rate"
    assert any(line.split()[:2] == ["gpu", "H200"] and line.endswith("Canonical GPU.") for line in lines)
    assert any(line.startswith("price_usd_per_gpu_hour = ") for line in lines)
    for part in ("Median of the providers' lowest prices", "grade B", "known ", "last seen "):
        assert part in told.stdout
    assert "CHANGED" not in told.stdout


def test_where_the_facts_name_payload_and_row_the_explanation_ends_there(released_home, tmp_path):
    """Synthetic: a copy of the release whose rents say in which row of which kept payload they stand."""
    home = tmp_path / "home"
    shutil.copytree(Path(released_home) / "current", home / "releases" / "synthetic")
    (home / "current").symlink_to(Path("releases") / "synthetic", target_is_directory=True)
    file = home / "current" / "rackhour.duckdb"
    file.parent.chmod(0o755)
    file.chmod(0o644)
    accepted = Path(released_home) / "landing" / "gpu_rental" / "*" / "*" / "accepted.parquet"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            f"create temp table kept as select observation_id, any_value(payload_sha256) as sha "
            f"from read_parquet('{accepted}', union_by_name = true) group by observation_id"
        )
        for column in ("payload_sha256 varchar", "row_number bigint"):
            connection.execute(f"alter table core.fct_gpu_rental_rate add column if not exists {column}")
        connection.execute(
            "update core.fct_gpu_rental_rate as fact set payload_sha256 = kept.sha, row_number = 1234 "
            "from kept where fact.observation_id = kept.observation_id"
        )
    connection = query.connect(Home(home))
    for table in ("core.fct_gpu_rental_rate", "core.headline_rate", "gpu_hour_margin"):
        explained = explain(connection, table)
        found = [o for o in observations(json.loads(as_json(explained))) if o["source_id"].startswith("gpu_")]
        assert found
        for observation in found:
            assert observation["row_number"] == 1234
            assert observation["payload_sha256"] in observation["payload"]
            assert (Path(released_home) / observation["payload"]).is_file()
        assert f"{found[0]['payload']}, row 1,234" in as_text(explained)


def observations(tree: object) -> list[dict]:
    """Every observation of a document, wherever it stands."""
    if isinstance(tree, list):
        return [found for part in tree for found in observations(part)]
    if not isinstance(tree, dict):
        return []
    return [*tree.get("observations", []), *[found for part in tree.values() for found in observations(part)]]
