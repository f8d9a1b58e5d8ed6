"""`rackhour sql` and `rackhour releases` as a person uses them."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import stat
import subprocess
import sys

import duckdb
import pytest

from tests.conftest import ROOT, rackhour


def test_formats_agree(released_home, tmp_path):
    query = "select gpu, price_usd_per_gpu_hour from core.headline_rate order by all limit 7"
    as_csv = rackhour("sql", query, "--format", "csv", home=released_home)
    as_json = rackhour("sql", query, "--format", "json", home=released_home)
    target = tmp_path / "out.parquet"
    as_parquet = rackhour("sql", query, "--format", "parquet", "--to", str(target), home=released_home)
    assert as_csv.returncode == as_json.returncode == as_parquet.returncode == 0
    rows = [{"gpu": r["gpu"], "price_usd_per_gpu_hour": float(r["price_usd_per_gpu_hour"])}
            for r in csv.DictReader(io.StringIO(as_csv.stdout))]  # fmt: skip
    assert rows == json.loads(as_json.stdout)
    stored = duckdb.sql(f"from '{target}'").fetchall()
    assert rows == [{"gpu": gpu, "price_usd_per_gpu_hour": float(price)} for gpu, price in stored]


def test_a_query_is_read_from_standard_input(released_home):
    outcome = rackhour("sql", "-", "--format", "csv", home=released_home, input="select 42 as answer")
    assert outcome.stdout == "answer\n42\n"


def test_parquet_goes_down_a_pipe(released_home, tmp_path):
    target = tmp_path / "piped.parquet"
    command = [sys.executable, "-m", "pipelines.cli", "sql", "from core.calendar", "--format", "parquet"]
    with target.open("wb") as stream:
        subprocess.run(
            command, stdout=stream, env={**os.environ, "RACKHOUR_HOME": str(released_home)}, cwd=ROOT, check=True
        )
    ((piped,),) = duckdb.sql(f"select count(*) from '{target}'").fetchall()
    asked = rackhour("sql", "select count(*) from core.calendar", "--format", "csv", home=released_home)
    assert piped == int(asked.stdout.splitlines()[1])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("create table core.x as select 1", "read-only"),
        ("drop table core.calendar", "read-only"),
        ("copy core.calendar to 'x.csv'", "read-only"),
        ("select 1; select 2", "one statement"),
        ("selec 1", "syntax error"),
        ("from marts.no_such_table", "marts.revenue_per_mw"),
        ("select no_such_column from core.calendar", "no_such_column"),
        ("select cast('x' as integer)", "Conversion Error"),
    ],
)
def test_what_cannot_be_answered_is_told_in_words(released_home, query, message):
    outcome = rackhour("sql", query, home=released_home)
    assert outcome.returncode == 1
    assert message in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_before_the_first_release_it_says_what_to_do(tmp_path):
    outcome = rackhour("sql", "select 1", home=tmp_path)
    assert outcome.returncode == 1
    assert "rackhour refresh" in outcome.stderr


@pytest.mark.parametrize(
    "command",
    [[], ["refresh"], ["sql"], ["doctor"], ["version"], ["releases"],
     *[["releases", c] for c in ("list", "show", "diff", "rollback", "prune")]],
)  # fmt: skip
def test_every_help_shows_a_real_example(command, tmp_path):
    outcome = rackhour(*command, "--help", home=tmp_path)
    assert outcome.returncode == 0
    assert "rackhour " + " ".join(command) in outcome.stdout.replace("Usage: ", "")
    if command not in ([], ["releases"]):
        assert "Examples:" in outcome.stdout


def test_releases_are_listed_compared_rolled_back_and_pruned(released_home, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(released_home, home, symlinks=True)
    assert rackhour("refresh", "--as-of", "2026-03-31", home=home).returncode == 0
    folders = sorted(p.name for p in (home / "releases").iterdir())
    assert len(folders) == 2
    old, new = folders
    made = home / "releases" / new
    assert {stat.S_IMODE(path.stat().st_mode) & 0o222 for path in [made, *made.rglob("*")]} == {0}, "read-only"
    listed = rackhour("releases", "list", home=home).stdout
    assert next(line for line in listed.splitlines() if line.startswith("*")).split()[1] == new
    shown = rackhour("releases", "show", "current", home=home).stdout
    assert new in shown
    assert "core.headline_rate" in shown
    compared = rackhour("releases", "diff", old, new, home=home).stdout
    assert "core.calendar" in compared
    assert rackhour("sql", "select count(*) from core.calendar", "--release", old, home=home).returncode == 0
    assert rackhour("releases", "rollback", old, home=home).returncode == 0
    assert (home / "current").resolve().name == old
    pruned = rackhour("releases", "prune", "--keep", "1", home=home)
    assert pruned.returncode == 0
    assert sorted(p.name for p in (home / "releases").iterdir()) == folders, "the published one and the newest stay"
    assert rackhour("releases", "rollback", new, home=home).returncode == 0
    assert rackhour("releases", "prune", "--keep", "1", home=home).stdout == f"removed 1: {old}\n"
    assert [p.name for p in (home / "releases").iterdir()] == [new]
    unknown = rackhour("releases", "rollback", "2019", home=home)
    assert unknown.returncode == 1
    assert new in unknown.stderr


def test_the_doctor_finds_a_fresh_release_well(released_home):
    outcome = rackhour("doctor", home=released_home)
    assert outcome.returncode == 0, outcome.stdout
    assert "current: " in outcome.stdout


PANEL = (
    "select month as period, item, price from marts.price_panel join marts.price_panel_item using (item) where "
    "segment = '{}' and price is not null and month between first_month and last_month"
)
LEVELS = "select * from marts.price_index where segment = '{}' order by period"
ASKED = {
    ("jevons", "fixed", 0, "none"): ("--method", "jevons"),
    ("jevons", "chained", 0, "none"): ("--method", "jevons", "--output", "chained"),
    ("geks_jevons", "multilateral", 0, "none"): ("--method", "geks", "--base", "jevons"),
    ("geks_jevons", "multilateral", 25, "mean"): ("--method", "geks", "--base", "jevons", "--window", "25"),
}


@pytest.mark.parametrize("segment", ["gpu_rental/H100 SXM/on_demand", "power/US states/commercial"])
def test_an_exported_panel_gives_the_published_index(released_home, segment):
    panel = rackhour("sql", PANEL.format(segment), "--format", "csv", home=released_home).stdout
    published: dict[tuple, dict[str, float]] = {}
    for row in json.loads(rackhour("sql", LEVELS.format(segment), "--format", "json", home=released_home).stdout):
        key = row["method"], row["output"], row["window_months"], row["splice"]
        published.setdefault(key, {})[row["period"]] = row["index_level"]
    for key, options in ASKED.items():
        told = rackhour("index", "-", *options, "--format", "json", home=released_home, input=panel)
        found = {row["period"]: row["index"] for row in json.loads(told.stdout) if row["index"] is not None}
        assert len(found) > 25
        assert found == pytest.approx(published[key], rel=1e-12), options
