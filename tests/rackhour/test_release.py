"""`import rackhour`: a release as an object, held against the files of the release and the command line."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

import rackhour
from tests.conftest import ROOT
from tests.conftest import rackhour as command


@pytest.fixture
def release(released_home):
    with rackhour.open(home=released_home) as opened:
        yield opened


def test_it_opens_the_published_release(release, released_home):
    manifest = json.loads((released_home / "current" / "manifest.json").read_text(encoding="utf-8"))
    assert release.release_id == manifest["release_id"]
    assert release.as_of == dt.date.fromisoformat(manifest["as_of"])
    assert release.tables() == sorted(manifest["tables"])
    assert release.path == released_home / "releases" / manifest["release_id"]
    assert manifest["release_id"] in repr(release)


def test_the_home_is_the_one_of_the_environment(released_home, monkeypatch):
    monkeypatch.setenv("RACKHOUR_HOME", str(released_home))
    assert rackhour.open().path.parent.parent == released_home


def test_a_table_is_the_table_of_the_database(release):
    """Read from Parquet by polars, and from the database by DuckDB: the same rows in the same order and types."""
    for name in ("core.headline_rate", "core.fct_token_price", "marts.gpu_hour_margin"):
        frame = release.table(name)
        with duckdb.connect(str(release.path / "rackhour.duckdb"), read_only=True) as connection:
            expected = connection.sql(f"from {name}").pl()
        assert frame.schema == expected.schema
        assert frame.equals(expected)
        assert frame.height == release.manifest["tables"][name]["rows"] > 0


def test_every_table_opens(release):
    for name in release.tables():
        assert release.table(name).height == release.manifest["tables"][name]["rows"], name


def test_a_table_may_be_named_without_its_schema(release):
    assert release.table("headline_rate").equals(release.table("core.headline_rate"))


def test_a_name_that_is_none_is_told_with_the_nearest(release):
    with pytest.raises(rackhour.RackhourError, match=r"has no table 'marts.gpu_hour_margins'. Did you mean marts\.gpu"):
        release.table("marts.gpu_hour_margins")
    with pytest.raises(rackhour.RackhourError, match=r"release\.tables\(\)"):
        release.table("zzz")


def test_sql_answers_with_a_frame(release):
    counted = release.sql("select count(*) as rows, max(as_of_date) as newest from core.headline_rate")
    assert counted.rows() == [(release.table("core.headline_rate").height, release.as_of)]


def test_sql_refuses_to_write_and_says_so(release):
    with pytest.raises(rackhour.RackhourError, match="read-only"):
        release.sql("create table marts.mine as select 1")
    with pytest.raises(rackhour.RackhourError, match="nothing_like_it"):
        release.sql("select nothing_like_it from core.headline_rate")
    with pytest.raises(rackhour.RackhourError, match="Could not convert"):
        release.sql("select cast(gpu as integer) from core.headline_rate")


def test_explain_is_what_the_command_prints(release, released_home):
    where = "gpu = 'H200'"
    explained = release.explain("gpu_hour_margin", where=where)
    printed = command("explain", "gpu_hour_margin", "--where", where, home=released_home).stdout
    assert f"{explained}" == printed
    assert explained.key["gpu"] == "H200"
    figure = next(iter(explained.document["figures"].values()))
    row = release.table("gpu_hour_margin").filter(*[pl.col(k) == v for k, v in explained.key.items()])
    assert figure["value"] == row[figure["name"]].item()
    assert len(explained.text(depth=1)) < len(explained.text())


def test_explain_tells_an_unknown_mart(release):
    with pytest.raises(rackhour.RackhourError, match="Did you mean gpu_hour_margin"):
        release.explain("gpu_hour_margi")


def test_a_scenario_is_next_to_its_base(release):
    changed = {"professional.utilisation": 0.6}
    found = release.scenario(set=changed, mart="gpu_hour_margin", where="gpu = 'H200'", columns=["gross_margin_pct"])
    assert (found["value"] != found["base_value"]).any()
    worst = (found["value"] - found["base_value"] - found["difference"]).drop_nulls().abs().max()
    assert worst is None or worst < 1e-6


def test_a_grid_has_a_line_per_point(release):
    grid = {"professional.utilisation": "0.4:0.8:0.2"}
    found = release.scenario(mart="gpu_hour_margin", where="gpu = 'H200'", columns=["gross_margin_pct"], grid=grid)
    assert sorted(set(found["professional.utilisation"].round(6).to_list())) == [0.4, 0.6, 0.8]


def test_a_scenario_that_is_none_is_told(release):
    with pytest.raises(rackhour.RackhourError, match="no_such_scenario"):
        release.scenario("no_such_scenario")


@pytest.fixture
def three_releases(released_home, tmp_path) -> Path:
    """A home whose manifests say: two releases as of one day, one of another. Synthetic copies of one manifest."""
    home = tmp_path / "home"
    manifest = json.loads((released_home / "current" / "manifest.json").read_text(encoding="utf-8"))
    for release_id, day in (("20260101T1", "2025-06-30"), ("20260102T1", "2025-06-30"), ("20260103T1", "2025-07-31")):
        folder = home / "releases" / release_id
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(json.dumps({**manifest, "release_id": release_id, "as_of": day}))
    (home / "current").symlink_to(Path("releases") / "20260103T1")
    return home


def test_as_of_opens_the_newest_release_of_that_day(three_releases):
    assert rackhour.open(as_of="2025-06-30", home=three_releases).release_id == "20260102T1"
    assert rackhour.open(as_of=dt.date(2025, 7, 31), home=three_releases).release_id == "20260103T1"


def test_a_day_without_a_release_names_the_days_there_are(three_releases):
    expected = r"days there are: 2025-06-30, 2025-07-31\. Run `rackhour refresh --as-of 2025-01-01`"
    with pytest.raises(rackhour.RackhourError, match=expected):
        rackhour.open(as_of="2025-01-01", home=three_releases)
    with pytest.raises(rackhour.RackhourError, match="write it like 2025-06-30"):
        rackhour.open(as_of="June", home=three_releases)


def test_a_release_opens_by_the_beginning_of_its_id(three_releases):
    assert rackhour.open("20260101", home=three_releases).as_of == dt.date(2025, 6, 30)
    with pytest.raises(rackhour.RackhourError, match="names more than one release"):
        rackhour.open("2026", home=three_releases)
    with pytest.raises(rackhour.RackhourError, match="not both"):
        rackhour.open("20260101", as_of="2025-06-30", home=three_releases)


def test_releases_are_listed_oldest_first(three_releases):
    listed = rackhour.releases(home=three_releases)
    assert listed["release_id"].to_list() == ["20260101T1", "20260102T1", "20260103T1"]
    assert listed["is_current"].to_list() == [False, False, True]


def test_an_empty_home_says_what_to_run(tmp_path):
    with pytest.raises(rackhour.RackhourError, match=r"nothing is published in .*rackhour refresh"):
        rackhour.open(home=tmp_path)
    assert rackhour.releases(home=tmp_path).height == 0
    assert list(tmp_path.iterdir()) == [], "opening wrote into the home"


def test_a_damaged_release_says_so(released_home, tmp_path):
    manifest = (released_home / "current" / "manifest.json").read_text(encoding="utf-8")
    folder = tmp_path / "releases" / json.loads(manifest)["release_id"]
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(manifest)
    (tmp_path / "current").symlink_to(folder)
    with pytest.raises(rackhour.RackhourError, match=r"gpu_hour_margin\.parquet is missing"):
        rackhour.open(home=tmp_path).table("gpu_hour_margin")


FIRST_FRAME = """
import resource, sys
import rackhour
frame = rackhour.open(home=sys.argv[1]).table("marts.gpu_hour_margin")
used = resource.getrusage(resource.RUSAGE_SELF)
print(frame.height, used.ru_utime + used.ru_stime, sorted({"dagster", "dbt", "pandera"} & set(sys.modules)))
"""
POLARS_ALONE = """
import resource
import polars
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
"""


def _run(program: str, *arguments: str) -> list[str]:
    made = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return made.stdout.split()


def test_the_first_frame_costs_little_more_than_polars(released_home):
    """CPU seconds of a whole process; against polars alone, since machines differ: 0.1 s for opening and reading."""
    ours = [_run(FIRST_FRAME, str(released_home)) for _ in range(5)]
    polars = statistics.median(float(_run(POLARS_ALONE)[0]) for _ in range(5))
    assert {int(height) for height, *_ in ours} == {rackhour.open(home=released_home).table("gpu_hour_margin").height}
    assert {loaded for *_, loaded in ours} == {"[]"}
    assert statistics.median(float(seconds) for _, seconds, _ in ours) < 1.5 * polars + 0.1


def test_nothing_asked_of_a_release_needs_dagster_dbt_or_pandera(released_home):
    program = (
        "import sys, rackhour\n"
        "release = rackhour.open(home=sys.argv[1])\n"
        "release.sql('from core.calendar limit 1'); release.explain('gpu_hour_margin')\n"
        "release.scenario(mart='gpu_hour_margin', where=\"gpu = 'H200'\")\n"
        "print(sorted({'dagster', 'dbt', 'pandera'} & set(sys.modules)))"
    )
    assert _run(program, str(released_home)) == ["[]"]


def test_the_package_is_typed(tmp_path):
    """A stranger's program is checked by mypy against the package's own types."""
    program = tmp_path / "program.py"
    program.write_text(
        "import rackhour\nrelease = rackhour.open(as_of='2025-06-30')\nreveal_type(release.table('a'))\n"
        "reveal_type(release.as_of)\nrelease.table(1)\n"
    )
    bare = tmp_path / "mypy.ini"
    bare.write_text("[mypy]\n")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(bare), str(program)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT)},
    )
    assert 'Revealed type is "polars.dataframe.frame.DataFrame"' in checked.stdout
    assert 'Revealed type is "datetime.date"' in checked.stdout
    assert 'Argument 1 to "table" of "Release" has incompatible type "int"' in checked.stdout
    shutil.rmtree(tmp_path / ".mypy_cache", ignore_errors=True)
