"""Shared fixtures: an empty home, the real payloads beside the repository, and one real release for many tests."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.server import PublisherServer

# CI looks at the same examples every time, so that a landing is judged by what it changes; elsewhere they are new ones.
# No example has a deadline: how long it takes says more about who else uses the machine.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("new", deadline=None)
settings.load_profile("fixed" if os.environ.get("RACKHOUR_FIXED_EXAMPLES") else "new")

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("RACKHOUR_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real payloads that others published; tests that read it are skipped where it is not."""
    if not (SHARED / "data").is_dir():
        pytest.skip("needs ../shared (real payloads, not on users' machines); set RACKHOUR_SHARED to its place")
    return SHARED


@pytest.fixture
def home(tmp_path: Path):
    """An empty home."""
    from pipelines.home.places import Home

    made = Home(tmp_path / "home")
    made.ensure()
    return made


@pytest.fixture
def publisher_server() -> Iterator[PublisherServer]:
    """A real HTTP server of this test's own; point a source at it with RACKHOUR_BASE_<SOURCE_ID>."""
    server = PublisherServer()
    yield server
    server.close()


def rackhour(*arguments: str, home: Path, **kwargs) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    environment = {**os.environ, "RACKHOUR_HOME": str(home), **kwargs.pop("env", {})}
    command = [sys.executable, "-m", "pipelines.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False, **kwargs)


@pytest.fixture(scope="session")
def released_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one real release, made once by the real command from the embedded sources. Do not write to it.

    All workers of a run share it. RACKHOUR_TEST_RELEASE names a home in which this tree's first release was just made.
    """

    def refresh(folder: Path) -> None:
        outcome = rackhour("refresh", home=folder)
        assert outcome.returncode == 0, outcome.stderr[-4000:]

    given = os.environ.get("RACKHOUR_TEST_RELEASE")
    return Path(given) if given else made_once(tmp_path_factory, "released", refresh)


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of the run that the first worker to ask makes and all others use."""
    of_the_run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_the_run = of_the_run.parent
    folder, done = of_the_run / name, of_the_run / f"{name}.done"
    with (of_the_run / f"{name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return folder
