"""The next steps that the summary prints can be pasted as they stand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.cli import called
from tests.conftest import ROOT

BARE = "/usr/bin:/bin"


def test_both_next_steps_run_in_a_shell_that_knows_no_rackhour(released_home):
    program = (
        "from pipelines.cli.summary import summary\nfrom pipelines.home.places import Home\n"
        "print(summary(Home.from_environment(), 1.0))"
    )
    environment = {**os.environ, "PATH": BARE, "RACKHOUR_HOME": str(released_home)}
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    steps = told.split("Next, ready to paste:\n")[1].splitlines()
    assert len(steps) == 2
    without_home = {name: value for name, value in environment.items() if name != "RACKHOUR_HOME"}
    for step in steps:
        outcome = subprocess.run(
            ["/bin/sh", "-c", step], env=without_home, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert outcome.returncode == 0, (step, outcome.stderr)
        assert "gpu_hour_margin" in step or "marts.gpu_hour_margin" in outcome.stdout


@pytest.fixture
def script(monkeypatch, tmp_path) -> Path:
    """A rackhour that was started from a folder of its own."""
    folder = tmp_path / "my venv" / "bin"
    folder.mkdir(parents=True)
    path = folder / "rackhour"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(path), "refresh"])
    monkeypatch.delenv("RACKHOUR_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    return path


def test_its_name_is_enough_where_the_shell_finds_this_one(script, monkeypatch):
    monkeypatch.setenv("PATH", f"{script.parent}:{BARE}")
    assert called.called() == "rackhour"


def test_another_rackhour_on_the_path_is_not_meant(script, monkeypatch, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "rackhour").write_text("#!/bin/sh\n")
    (other / "rackhour").chmod(0o755)
    monkeypatch.setenv("PATH", f"{other}:{BARE}")
    assert called.called() == "'my venv/bin/rackhour'"


def test_a_home_that_was_set_is_said(script, monkeypatch):
    monkeypatch.setenv("PATH", BARE)
    monkeypatch.setenv("RACKHOUR_HOME", "/srv/my data")
    assert called.called() == "RACKHOUR_HOME='/srv/my data' 'my venv/bin/rackhour'"
