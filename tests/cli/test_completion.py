"""What Tab offers, by the shell's own protocol."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.cli import index
from pipelines.panels.own_table.options import METHODS
from pipelines.scenarios.files import written
from sources.loaded import FAMILIES
from sources.registry import all_sources
from tests.conftest import ROOT

SCRIPT = Path(sys.executable).with_name("rackhour")


def offered(line: str, home: Path) -> list[str]:
    """The words bash would offer after this line."""
    words = line.split(" ")
    environment = {
        **os.environ,
        "RACKHOUR_HOME": str(home),
        "_RACKHOUR_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    outcome = subprocess.run([SCRIPT], env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.stderr == ""
    return outcome.stdout.split()


def published(home: Path, schema: str) -> list[str]:
    manifest = json.loads((home / "current" / "manifest.json").read_text())
    return [name for name in manifest["tables"] if name.startswith(f"{schema}.")]


def test_marts_and_core_tables_are_those_of_the_release(released_home):
    marts = {name.partition(".")[2] for name in published(released_home, "marts")}
    assert set(offered("rackhour scenario --mart ", released_home)) == marts
    assert set(offered("rackhour explain ", released_home)) >= marts | set(published(released_home, "core"))
    assert set(offered("rackhour describe core.head", released_home)) == {"core.headline_rate"}


def test_sources_are_those_of_the_registry(tmp_path):
    assert set(offered("rackhour try ", tmp_path)) == set(all_sources())
    assert set(offered("rackhour refresh --only vas", tmp_path)) == {"vast"}


def test_scenarios_formats_families_and_methods(tmp_path):
    assert set(offered("rackhour scenario ", tmp_path)) == {*written(), "list", "show"}
    assert set(offered("rackhour sql x --format ", tmp_path)) == {"table", "csv", "json", "parquet"}
    assert set(offered("rackhour load ", tmp_path)) == set(FAMILIES)
    assert index.METHODS == METHODS


def test_releases_are_those_of_the_home(released_home, tmp_path):
    names = {path.name for path in (released_home / "releases").iterdir() if not path.name.startswith(".")}
    assert set(offered("rackhour releases show ", released_home)) == {*names, "current"}
    assert set(offered("rackhour releases show ", tmp_path)) == {"current"}


@pytest.mark.parametrize("line", ["rackhour explain ", "rackhour scenario --mart ", "rackhour sql x --release "])
def test_a_damaged_home_offers_nothing_and_says_nothing(tmp_path, line):
    (tmp_path / "current").mkdir()
    (tmp_path / "current" / "manifest.json").write_text("{ half")
    (tmp_path / "releases").write_text("a file where a folder should be")
    assert set(offered(line, tmp_path)) <= {"current"}


def test_completion_imports_nothing_heavy(released_home):
    program = (
        "import sys\nfrom pipelines.cli import completion as c\nfrom pipelines.cli.main import app\n"
        "offers = [c.marts(''), c.explainable(''), c.every_source(''), c.scenarios(''), c.releases('')]\n"
        "assert all(offers)\n"
        "print(sorted({'dagster', 'dbt', 'duckdb', 'polars', 'pydantic', 'rich'} & set(sys.modules)))"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "RACKHOUR_HOME": str(released_home)},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert outcome.stdout == "[]\n"
