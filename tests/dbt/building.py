"""Runs dbt on a part of the project for the tests, in this process and with the project parsed once, as refresh does.

A process of its own per build would import dbt and parse the project every time, which costs more than the build.
Not here: what is landed and selected, which each family's helper says.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from pipelines.warehouse import transform

PROJECT = transform.PROJECT


def dbt(command: str, database: Path, folder: Path, *arguments: str) -> None:
    """One dbt command on a database; its compiled SQL and its log in `folder`. The test fails with dbt's log."""
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    places += ["--target-path", str(folder / "target"), "--log-path", str(folder)]
    outcome = transform.invoke([command, *places, *transform.LEAN, *arguments], database)
    if not outcome.success:
        log = folder / "dbt.log"
        pytest.fail(f"{outcome.exception or ''}\n{log.read_text(encoding='utf-8')[-3000:] if log.exists() else ''}")


def copy_of(folder: Path, landed: Path, as_of: dt.date | str) -> Path:
    """Where the build of a day lies. The file keeps its name: the parsed project states it as the catalogue's."""
    return folder / f"{as_of}" / landed.name


def build_copy(folder: Path, landed: Path, as_of: dt.date | str, select: str, *arguments: str) -> Path:
    """A copy of the landed database with the selected models as of a day, dbt's tests passed."""
    made = copy_of(folder, landed, as_of)
    made.parent.mkdir(exist_ok=True)
    shutil.copy(landed, made)
    # A test that looks at tables of other parts too cannot run here.
    whole = ("--indirect-selection", "cautious")
    dbt("build", made, folder, "--select", select, *whole, "--vars", json.dumps({"as_of": str(as_of)}), *arguments)
    return made
