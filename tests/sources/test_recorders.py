"""Every curated file a recorder writes is, byte for byte, what it writes today from the captures in ../shared."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

HELPERS = {"__init__", "gpu_runs", "printed_digits", "runs"}
RECORDERS = sorted(p.stem for p in (ROOT / "sources" / "recorders").glob("*.py") if p.stem not in HELPERS)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recorders")
    shutil.copytree(ROOT / "sources", folder / "sources", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "dbt_project" / "seeds", folder / "dbt_project" / "seeds")
    return folder


@pytest.mark.shared
@pytest.mark.parametrize("recorder", RECORDERS)
def test_a_recorder_writes_what_is_committed(recorder, copy, shared):
    recorded = [*(copy / "sources").glob("*/curated/*.csv"), *(copy / "dbt_project" / "seeds").glob("*.csv")]
    before = {p: p.read_bytes() for p in recorded}
    for path in before:
        path.touch()
    stamps = {p: p.stat().st_mtime_ns for p in before}
    outcome = subprocess.run(
        [sys.executable, "-m", f"sources.recorders.{recorder}", "--shared", str(shared)],
        capture_output=True,
        text=True,
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr[-2000:]
    written = [p for p in before if p.stat().st_mtime_ns != stamps[p]]
    assert written, "the recorder wrote no curated file"
    for path in written:
        assert path.read_bytes() == before[path], f"{path.name} differs from what is committed"
