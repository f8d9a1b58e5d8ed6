"""dbt in this process, on a small project of its own."""

import datetime as dt
import os
from pathlib import Path

import duckdb
import pytest

from pipelines.home.build import Build
from pipelines.warehouse import transform
from pipelines.warehouse.transform import TransformError

PROJECT = {
    "dbt_project.yml": "name: tiny\nversion: '1.0.0'\nprofile: tiny\nflags: {send_anonymous_usage_stats: false}\n",
    "profiles.yml": (
        "tiny:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n"
        "      path: \"{{ env_var('RACKHOUR_BUILD_DB') }}\"\n"
    ),
    "models/day.sql": "select cast('{{ var(\"as_of\") }}' as date) as day",
    "models/after.sql": "select day from {{ ref('day') }}",
    "models/day.yml": (
        "version: 2\nmodels:\n  - name: day\n    columns:\n      - {name: day, data_tests: [not_null]}\n"
        "unit_tests:\n  - name: copies\n    model: after\n    given:\n"
        "      - {input: ref('day'), rows: [{day: 2024-01-01}]}\n    expect: {rows: [{day: 2024-01-01}]}\n"
    ),
    "seeds/letters.csv": "letter\na\nb\n",
}
AS_OF = dt.date(2025, 6, 30)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    for name, text in PROJECT.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    target = root / "target" / "parsed"
    monkeypatch.setattr(transform, "PROJECT", root)
    monkeypatch.setattr(transform, "parsed_dbt", lambda: target)
    return root


@pytest.fixture
def build(home) -> Build:
    return Build(home)


def test_builds_everything_and_says_how_each_node_fared(project, build, capfd, monkeypatch, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    transform.ensure_parsed()
    assert "parsing the project" in capfd.readouterr().err
    results = {r.name: r for r in transform.build(build, AS_OF)}
    assert {name: r.status for name, r in results.items()} == {
        "letters": "success",
        "day": "success",
        "not_null_day_day": "pass",
        "copies": "pass",
        "after": "success",
    }
    assert results["copies"].resource_type == "unit_test"
    assert capfd.readouterr() == ("", ""), "dbt wrote to the terminal"
    assert list(elsewhere.iterdir()) == [], "dbt wrote to the working directory"
    assert "RACKHOUR_BUILD_DB" not in os.environ


def test_as_of_reaches_the_models_without_a_new_parse(project, build):
    transform.build(build, AS_OF)
    parsed = (transform.parsed_dbt() / transform.STAMP).stat().st_mtime_ns
    transform.build(build, dt.date(2024, 1, 31))
    with duckdb.connect(str(build.home.build_db), read_only=True) as connection:
        assert connection.sql("select day from main.after").fetchall() == [(dt.date(2024, 1, 31),)]
    assert (transform.parsed_dbt() / transform.STAMP).stat().st_mtime_ns == parsed


def test_the_database_is_closed_afterwards(project, build):
    """A second connection with other settings is refused while the first is open."""
    transform.build(build, AS_OF)
    with duckdb.connect(str(build.home.build_db), read_only=True, config={"threads": 1}) as connection:
        connection.execute("select 1")
    with duckdb.connect(str(build.home.build_db), config={"threads": 1}) as connection:
        connection.execute("create table mine as select 1")


def test_a_changed_file_is_parsed_again(project, build):
    transform.build(build, AS_OF)
    (project / "models" / "new.sql").write_text("select 1 as one")
    assert "new" in {r.name for r in transform.build(build, AS_OF)}


def test_selected_nodes_alone(project, build):
    transform.build(build, AS_OF)
    assert {r.name for r in transform.build(build, AS_OF, select=["letters"])} == {"letters"}


def test_a_model_that_fails_is_named_with_its_cause(project, build):
    (project / "models" / "day.sql").write_text("select nothing_like_it as day")
    with pytest.raises(TransformError, match=r"model day in dbt_project/models/day\.sql: .*nothing_like_it") as error:
        transform.build(build, AS_OF)
    assert "nodes behind them were skipped" in str(error.value)
    assert "letters" in {r.name for r in error.value.results if r.status == "success"}


def test_a_test_that_fails_is_named_with_its_rows_and_query(project, build):
    (project / "models" / "day.sql").write_text("select cast(null as date) as day from range(3)")
    with pytest.raises(TransformError, match="test not_null_day_day fails on 3 rows") as error:
        transform.build(build, AS_OF)
    query = str(error.value).split("its query: ")[1].split(")")[0]
    assert Path(query).exists()


def test_a_project_that_does_not_parse_keeps_the_parsed_one(project, build):
    transform.ensure_parsed()
    before = (transform.parsed_dbt() / transform.PARSED).read_bytes()
    (project / "models" / "broken.sql").write_text("select {{ nope( }}")
    with pytest.raises(TransformError, match=r"does not parse: .*broken"):
        transform.ensure_parsed()
    assert (transform.parsed_dbt() / transform.PARSED).read_bytes() == before
    assert not list(transform.parsed_dbt().glob(".parse-*"))


def test_set_up_says_what_was_parsed(project, capsys):
    assert transform.main(["--parse"]) == 0
    assert "2 models, 1 seeds, 1 tests, 1 unit tests" in capsys.readouterr().out


def test_set_up_fails_in_one_line(project, capsys):
    (project / "models" / "broken.sql").write_text("select {{ ref('nobody') }}")
    assert transform.main(["--parse"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("rackhour: dbt_project does not parse")
    assert told.count("\n") == 1
