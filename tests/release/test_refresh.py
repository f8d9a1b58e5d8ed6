"""The whole way, by the real command: first release, unchanged re-run, the same bytes, another day's knowledge."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT, rackhour


def manifest(home: Path) -> dict:
    return json.loads((home / "current" / "manifest.json").read_text(encoding="utf-8"))


def ask(home: Path, query: str, release: str | None = None) -> list[tuple]:
    folder = home / "releases" / release if release else home / "current"
    with duckdb.connect(str(folder / "rackhour.duckdb"), read_only=True) as connection:
        return connection.sql(query).fetchall()


def table_hashes(home: Path) -> dict[str, str]:
    return {name: table["parquet_sha256"] for name, table in manifest(home)["tables"].items()}


@pytest.fixture(scope="module")
def workshop(released_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the released home that tests of this module may build on, one after another."""
    folder = tmp_path_factory.mktemp("workshop") / "home"
    shutil.copytree(released_home, folder, symlinks=True)
    return folder


def test_the_release_is_what_its_manifest_says(released_home):
    for name, table in manifest(released_home)["tables"].items():
        schema, short = name.split(".")
        path = released_home / "current" / "parquet" / schema / f"{short}.parquet"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == table["parquet_sha256"]
        assert ask(released_home, f"select count(*) from {name}") == [(table["rows"],)]
        assert ask(released_home, f"select count(*) from '{path}'") == [(table["rows"],)]


def test_every_table_and_column_is_described(released_home):
    undescribed = ask(
        released_home,
        """
        select schema_name || '.' || table_name from duckdb_tables() where comment is null or comment = ''
        union all
        select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()
        where schema_name in ('core', 'marts', 'quarantine') and (comment is null or comment = '')
        """,
    )
    assert undescribed == []


def test_received_is_accepted_plus_rejected_for_every_source(released_home):
    rows = ask(released_home, "select source_id, received, accepted, rejected from ops.source_health")
    assert rows
    assert [row for row in rows if row[1] != row[2] + row[3]] == []
    rejected = dict(ask(released_home, "select source_id, count(*) from quarantine.rejected_row group by all"))
    assert {row[0]: row[3] for row in rows if row[3]} == rejected


def test_an_unchanged_rerun_publishes_nothing_and_says_so(workshop):
    before = (workshop / "current").resolve()
    outcome = rackhour("refresh", home=workshop)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.startswith("unchanged")
    assert (workshop / "current").resolve() == before
    asked = rackhour("sql", "select status from ops.runs order by started_at", "--format", "json", home=workshop)
    assert [row["status"] for row in json.loads(asked.stdout)] == ["published", "unchanged"]


@pytest.mark.parametrize("command", [["refresh"], ["sql", "from core.calendar"], ["releases", "list"]])
def test_the_fast_path_imports_nothing_heavy(workshop, command):
    program = (
        "import sys\nfrom pipelines.cli.main import app\n"
        f"app({command!r}, standalone_mode=False)\n"
        "print(sorted({'dagster', 'dbt', 'polars', 'pandera'} & set(sys.modules)), file=sys.stderr)"
    )
    environment = {**os.environ, "RACKHOUR_HOME": str(workshop)}
    outcome = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, cwd=ROOT, check=True
    )
    assert outcome.stderr.strip().splitlines()[-1] == "[]"


@pytest.fixture(scope="module")
def second_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that never saw the first: its first release is of an earlier day, its second of today."""
    return tmp_path_factory.mktemp("second")


def test_as_of_an_earlier_day_knows_nothing_later_and_repeats_itself(workshop, second_home):
    day = "2025-06-30"
    outcome = rackhour("refresh", "--as-of", day, home=workshop)
    assert outcome.returncode == 0, outcome.stderr[-3000:]
    facts = [name for name in manifest(workshop)["tables"] if name.startswith("core.fct_")]
    assert len(facts) >= 5
    for fact in facts:
        late = f"known_from > '{day}' or last_observed > '{day}' or known_to > '{day}' or valid_to > '{day}'"
        if fact == "core.fct_token_price":  # an announced end of a price may lie ahead
            late = f"known_from > '{day}' or last_observed > '{day}' or known_to > '{day}'"
        assert ask(workshop, f"select count(*) from {fact} where {late}") == [(0,)], fact
    assert ask(workshop, "select max(as_of_date) from core.calendar") == ask(workshop, f"select date '{day}'")
    again = rackhour("refresh", "--as-of", day, home=second_home)
    assert again.returncode == 0, again.stderr[-3000:]
    assert table_hashes(second_home) == table_hashes(workshop)


def test_as_of_an_earlier_day_shows_each_restatement_as_it_was_then(workshop, released_home):
    """A power price restated later stands in the earlier release as first published, in the later one as restated."""
    restated = ask(
        released_home,
        """
        select old.zone, old.sector, old.interval_start, old.price_usd_per_kwh, new.price_usd_per_kwh
        from core.fct_power_price as old
        join core.fct_power_price as new using (source_id, zone, sector, interval_start)
        where old.known_from <= '2025-04-30' and old.known_to > '2025-06-30' and new.known_from = old.known_to
            and old.price_usd_per_kwh <> new.price_usd_per_kwh and not old.is_derived
        order by all limit 20
        """,
    )
    assert restated, "the embedded vintages restate cells between 2025-04 and 2025-07"
    for zone, sector, start, before, _ in restated:
        seen = ask(
            workshop,
            f"select price_usd_per_kwh from core.fct_power_price where zone = '{zone}' and sector = '{sector}' "
            f"and interval_start = '{start}' and known_to is null",
        )
        assert seen == [(before,)]


def test_unasked_as_of_never_moves_backwards_and_a_second_home_gets_the_same_bytes(released_home, second_home):
    outcome = rackhour("refresh", home=second_home)
    assert outcome.returncode == 0, outcome.stderr[-3000:]
    assert manifest(second_home)["as_of"] == "2026-11-10"
    assert table_hashes(second_home) == table_hashes(released_home)
