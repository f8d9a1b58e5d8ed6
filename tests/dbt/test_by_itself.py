"""dbt's own commands in dbt_project, on a copy of a build database (docs/dbt.md)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.home.places import Home
from pipelines.warehouse import dbt_copy
from tests.conftest import ROOT


def dbt(*arguments: str, folder: Path, database: Path) -> subprocess.CompletedProcess[str]:
    """dbt as a person starts it: in the project's folder, with no setting but where the copy is."""
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", *arguments]
    environment = {**os.environ, "RACKHOUR_BUILD_DB": str(database)}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, so that dbt's target and logs stay out of the tree."""
    folder = tmp_path_factory.mktemp("dbt") / "dbt_project"
    shutil.copytree(ROOT / "dbt_project", folder, ignore=shutil.ignore_patterns("target", "logs"))
    return folder


@pytest.fixture(scope="module")
def copied(released_home: Path, project: Path) -> Path:
    """The build database of a real refresh, copied as `make dbt-copy` does."""
    database = project / "target" / "rackhour.duckdb"
    database.parent.mkdir(exist_ok=True)
    shutil.copyfile(released_home / "build" / "rackhour.duckdb", database)
    return database


def test_dbt_builds_seeds_models_and_tests_of_a_family(project, copied):
    with duckdb.connect(str(copied)) as connection:
        before = connection.sql("from core.fct_colo_rate order by all").fetchall()
        connection.execute("drop table core.fct_colo_rate")
    outcome = dbt("build", "--select", "+fct_colo_rate", folder=project, database=copied)
    assert outcome.returncode == 0, outcome.stdout[-3000:]
    assert "ERROR=0" in outcome.stdout
    with duckdb.connect(str(copied), read_only=True) as connection:
        assert connection.sql("from core.fct_colo_rate order by all").fetchall() == before


def test_dbt_lists_and_documents(project, copied):
    listed = dbt("ls", "--resource-type", "model", "--quiet", folder=project, database=copied)
    assert listed.returncode == 0, listed.stdout[-3000:]
    assert "rackhour.core.fct_gpu_rental_rate" in listed.stdout.split()
    made = dbt("docs", "generate", folder=project, database=copied)
    assert made.returncode == 0, made.stdout[-3000:]
    assert '"fct_gpu_rental_rate"' in (project / "target" / "catalog.json").read_text(encoding="utf-8")


def test_the_copy_is_the_build_database(home, tmp_path, monkeypatch):
    monkeypatch.setattr(dbt_copy, "COPY", tmp_path / "target" / "rackhour.duckdb")
    home.build_db.write_bytes(b"the build database")
    dbt_copy.copy(home)
    assert dbt_copy.COPY.read_bytes() == b"the build database"
    assert [path.name for path in dbt_copy.COPY.parent.iterdir()] == ["rackhour.duckdb"]


def test_before_the_first_refresh_it_says_what_to_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RACKHOUR_HOME", str(tmp_path))
    assert dbt_copy.main() == 1
    assert "run `rackhour refresh` first" in capsys.readouterr().err


def test_a_running_refresh_is_not_copied(home, monkeypatch, capsys):
    """Another process's lock, stood in for by its own file descriptor."""
    import fcntl

    home.build_db.write_bytes(b"half a database")
    monkeypatch.setenv("RACKHOUR_HOME", str(Home(home.root).root))
    with home.lock_file.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert dbt_copy.main() == 1
    assert "another refresh" in capsys.readouterr().err
