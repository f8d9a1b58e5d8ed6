"""A copy of the tree in which a test follows CONTRIBUTING's recipe, and the files that were touched there.

Programs run on the copy in processes of their own, so that nothing of the package is patched.
Not here: what is added to the copy (publisher.py, mart.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

COPIED = ("sources", "pipelines", "rackhour", "dbt_project", "tests", "pyproject.toml")
MADE = {"target", "logs", "__pycache__", ".pytest_cache", ".hypothesis", ".ruff_cache", ".user.yml"}
"""What programs leave behind: no work of anybody who follows a recipe."""


def copy_tree(folder: Path) -> Path:
    """The tree, copied into the folder."""
    tree = folder / "tree"
    tree.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns(*MADE))
        else:
            shutil.copyfile(ROOT / name, tree / name)
    _noted(tree).write_text(json.dumps(_files(tree)), encoding="utf-8")
    return tree


def touched(tree: Path) -> set[str]:
    """Files of the copy that were added, changed or deleted since it was made."""
    before, after = json.loads(_noted(tree).read_text(encoding="utf-8")), _files(tree)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def append(tree: Path, name: str, text: str) -> None:
    """The text at the end of a file of the copy."""
    with (tree / name).open("a", encoding="utf-8") as file:
        file.write(text)


def run(tree: Path, *arguments: str, home: Path | None = None, **settings: str) -> str:
    """What Python prints, called with these arguments in the copy. The test fails where it fails.

    The copy's own packages are imported. Its home is `home`, else a folder that nothing is written to.
    """
    outcome = attempt(tree, *arguments, home=home, **settings)
    assert outcome.returncode == 0, outcome.stdout[-2000:] + outcome.stderr[-3000:]
    return outcome.stdout


def attempt(tree: Path, *arguments: str, home: Path | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
    """As `run`, whatever becomes of it."""
    of_the_copy = {"PYTHONPATH": str(tree), "RACKHOUR_HOME": str(home or tree.parent / "no_home")}
    environment = {**os.environ, **of_the_copy, "OPENBLAS_NUM_THREADS": "1", **settings}
    # Pytest in the copy is a run of its own, not a worker of this one.
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=tree, env=environment, check=False)


def _noted(tree: Path) -> Path:
    return tree.parent / "as_copied.json"


def _files(tree: Path) -> dict[str, str]:
    """The hash of every file by its place."""
    kept = [p for p in tree.rglob("*") if p.is_file() and not MADE & set(p.relative_to(tree).parts)]
    return {p.relative_to(tree).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in kept}
