"""Names no crosswalk knows stand where a person looks: summary, doctor, the health of a source. Synthetic tables."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.cli import doctor, summary
from pipelines.home import ops
from pipelines.release import audit
from tests.release.synthetic_release import opened, publish

NAMES = [
    ("gpu_rental", "provider", "Synthetic Cloud", 12, "synthetic_cloud", "dbt_project/seeds/xwalk_rental_provider.csv"),
    ("gpu_rental", "gpu", "Synthetic GPU", 30, "synthetic_cloud, other", "dbt_project/seeds/xwalk_gpu.csv"),
    ("token_prices", "model", "name taken from the label", 900, "synthetic_list", "dbt_project/seeds/xwalk_model.csv"),
]
ACCOUNT = "source_id varchar, family varchar, accepted_rows bigint, difference_rows bigint, unseen_fact_rows bigint"


COLUMNS = "family varchar, kind varchar, label varchar, row_count bigint, source_ids varchar, crosswalk varchar"


@pytest.fixture
def released(home):
    """A home whose published database holds these names and no other table."""
    return publish(home, f"unmapped_name ({COLUMNS})", NAMES)


def test_the_summary_lists_them_by_rows_with_the_file_to_edit(released):
    with opened(released) as connection:
        (text,) = summary._unmapped(connection)
    assert "42 accepted rows are in no fact" in text
    assert text.index("Synthetic GPU") < text.index("Synthetic Cloud") < text.index("xwalk_rental_provider.csv")
    assert "name taken from the label" not in text


def test_the_doctor_says_which_file_names_them(released):
    found = doctor._unmapped(released)
    assert [finding.level for finding in found] == ["note", "note"]
    assert "Synthetic Cloud (provider of synthetic_cloud, 12 rows)" in found[1].what
    assert found[1].remedy.startswith("add a row to dbt_project/seeds/xwalk_rental_provider.csv")


def test_a_release_of_an_earlier_version_has_nothing_to_say(home):
    publish(home, "unmapped_name (family varchar, label varchar)")
    with opened(home) as connection:
        assert summary._unmapped(connection) == []
    assert doctor._unmapped(home) == []


def test_the_health_of_a_source_counts_its_unmapped_rows(home):
    ops.append(home, "source_health", [{"run_id": "r", "source_id": "a"}, {"run_id": "r", "source_id": "b"}])
    ops.record_unmapped(home, "r", {"a": 3, "b": 0})
    with duckdb.connect() as connection:
        rows = connection.sql(f"select source_id, unmapped from {ops.relation(home, 'source_health')} order by all")
        assert rows.fetchall() == [("a", 3), ("b", 0)]
        assert rows.columns == ["source_id", "unmapped"]


def test_a_run_that_built_no_core_counts_none(home):
    ops.append(home, "source_health", [{"run_id": "r", "source_id": "a"}])
    with duckdb.connect() as connection:
        rows = connection.sql(f"select * from {ops.relation(home, 'source_health')}")
        assert tuple(rows.columns) == tuple(ops.HEALTH_COLUMNS)
        assert [row[rows.columns.index("unmapped")] for row in rows.fetchall()] == [None]


def accounted(*rows: tuple[str, str, int, int, int]) -> duckdb.DuckDBPyConnection:
    """A database that holds these accounts alone."""
    connection = duckdb.connect()
    connection.execute(f"create schema core; create table core.source_account ({ACCOUNT})")
    connection.executemany("insert into core.source_account values (?, ?, ?, ?, ?)", list(rows))
    return connection


def test_the_audit_stops_a_release_that_lost_rows_and_names_source_count_and_place():
    sound = ("sound", "gpu_rental", 7, 0, 0)
    check = audit._accounts(accounted(sound, ("synthetic_list", "token_prices", 40, 3, 0)))
    assert (check.blocking, check.passed) == (True, False)
    assert "synthetic_list: 3 of 40 accepted rows are in no fact and under no rule" in check.message
    assert "models/staging/token_prices" in check.message
    assert audit._accounts(accounted(sound)).passed


def test_the_audit_stops_a_release_that_counts_rows_twice():
    check = audit._accounts(accounted(("synthetic_list", "token_prices", 40, -2, 0)))
    assert not check.passed
    assert "2 of 40 accepted rows are counted twice" in check.message


def test_the_audit_stops_a_release_whose_facts_nobody_looked_at():
    check = audit._looks(accounted(("synthetic_runs", "gpu_rental", 9, 0, 4)))
    assert (check.blocking, check.passed) == (True, False)
    assert "synthetic_runs: 4 rows of facts have no look" in check.message
    assert "capture_group" in check.message
