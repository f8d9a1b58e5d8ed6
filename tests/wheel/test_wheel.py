"""A built wheel, installed where no repository is, publishes from an empty folder what the repository publishes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

SHIPPED = ("rackhour", "pipelines", "sources", "dbt_project")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the files git knows, so that nothing that lies about gets in."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *SHIPPED, "pyproject.toml", "README.md", "LICENSE", "NOTICE"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / "tree" / name)
    program = f"import setuptools.build_meta as b; print(b.build_wheel({str(folder)!r}))"
    built = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=folder / "tree"
    )
    return folder / built.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own: the wheel, and this environment's other packages by a path file (no download)."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    purelib = next(folder.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:  # what an installer does with a wheel of pure Python
        archive.extractall(purelib)
    # A path file adds the folder without reading that folder's own path files: the editable rackhour stays out.
    (purelib / "others.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return folder / "bin" / "python"


def test_the_wheel_holds_every_file_the_product_reads(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for tree in SHIPPED
        for path in (ROOT / tree).rglob("*")
        if path.suffix in {".py", ".sql", ".yml", ".yaml", ".csv", ".typed"}
        and not {"target", "logs", "dbt_packages", "__pycache__"} & set(path.relative_to(ROOT).parts)
        and path.name != ".user.yml"
    }
    assert wanted - names == set()
    assert {name.split("/")[0] for name in names} - set(SHIPPED) == {
        next(name.split("/")[0] for name in names if ".dist-info/" in name)
    }


@pytest.mark.skipif(
    not os.environ.get("RACKHOUR_SLOW_TESTS"), reason="a whole refresh more: CI sets RACKHOUR_SLOW_TESTS=1"
)
def test_it_publishes_from_an_empty_folder_what_the_repository_publishes(
    python: Path, released_home: Path, tmp_path: Path
) -> None:
    installed = next(python.parent.parent.glob("lib/python*/site-packages"))
    before = _files(installed)
    empty = tmp_path / "empty"
    empty.mkdir()
    outcome = _rackhour(python, "refresh", cwd=empty)
    assert outcome.returncode == 0, outcome.stderr[-3000:]
    assert _hashes(empty / "data") == _hashes(released_home)
    assert _files(installed) == before, "a refresh wrote into site-packages"
    assert sorted(path.name for path in empty.iterdir()) == ["data"]
    assert (empty / "data" / "build" / "parsed" / "manifest.json").exists()

    again = _rackhour(python, "refresh", cwd=empty)
    assert again.returncode == 0
    assert again.stdout.startswith("unchanged")

    program = (
        "import rackhour, pipelines\nprint(pipelines.__file__, rackhour.open().table('core.headline_rate').height)"
    )
    asked = subprocess.run(
        [str(python), "-c", program], capture_output=True, text=True, check=True, cwd=empty, env=_environment()
    )
    place, rows = asked.stdout.split()
    assert Path(place).is_relative_to(installed)
    assert (
        int(rows)
        == json.loads((released_home / "current" / "manifest.json").read_text())["tables"]["core.headline_rate"]["rows"]
    )


def _environment() -> dict[str, str]:
    hidden = ("RACKHOUR_HOME", "PYTHONPATH", "DAGSTER_HOME", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in hidden}


def _rackhour(python: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(python), "-m", "pipelines.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, env=_environment())


def _files(folder: Path) -> dict[str, int]:
    """Every file but bytecode, with when it was last changed."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _hashes(home: Path) -> dict[str, str]:
    manifest = json.loads((home / "current" / "manifest.json").read_text(encoding="utf-8"))
    return {name: table["parquet_sha256"] for name, table in manifest["tables"].items()}
