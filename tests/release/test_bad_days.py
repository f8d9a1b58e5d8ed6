"""Bad days: each ends in a clear message and a non-zero exit, and the last release stays as it was."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, rackhour


@pytest.fixture
def home_with_release(released_home: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    shutil.copytree(released_home, folder, symlinks=True)
    return folder


@pytest.fixture(scope="module")
def copied_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, for all tests of this module: its dbt project is parsed once, by the first run."""
    folder = tmp_path_factory.mktemp("installation")
    skipped = shutil.ignore_patterns("__pycache__", "logs", ".user.yml")
    for tree in ("sources", "pipelines", "dbt_project"):
        shutil.copytree(ROOT / tree, folder / tree, ignore=skipped)
    return folder


@pytest.fixture(scope="module")
def killed(released_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a release whose next run was killed while it published."""
    home = tmp_path_factory.mktemp("killed") / "home"
    shutil.copytree(released_home, home, symlinks=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "refresh", "--as-of", "2026-02-28"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "RACKHOUR_HOME": str(home)}, cwd=ROOT,
    )  # fmt: skip
    deadline = time.monotonic() + 600
    while not list((home / "releases").glob(".draft-*")):
        assert process.poll() is None, "the run ended before it published"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return home


@pytest.fixture
def installation(copied_code: Path) -> Iterator[Path]:
    """That copy; a test may damage the embedded colocation prices, which are whole again afterwards."""
    yield copied_code
    curated = Path("sources", "colo_rates", "curated")
    shutil.rmtree(copied_code / curated)
    shutil.copytree(ROOT / curated, copied_code / curated)


def refresh(home: Path, code: Path = ROOT, **kwargs) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "RACKHOUR_HOME": str(home), "PYTHONPATH": str(code)}
    command = [sys.executable, "-m", "pipelines.cli", "refresh", *kwargs.pop("arguments", [])]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=code, check=False, **kwargs)


def current(home: Path) -> str:
    return os.readlink(home / "current")


def test_an_unknown_source_is_answered_with_near_names(home_with_release):
    before = current(home_with_release)
    outcome = rackhour("refresh", "--only", "genai_price", home=home_with_release)
    assert outcome.returncode == 1
    assert "no source of that name" in outcome.stderr
    assert "genai_prices" in outcome.stderr
    assert current(home_with_release) == before


def test_a_home_that_cannot_be_written_is_named(tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    outcome = rackhour("refresh", home=blocked / "home")
    assert outcome.returncode == 1
    assert "cannot write to" in outcome.stderr
    assert "RACKHOUR_HOME" in outcome.stderr


@pytest.mark.parametrize("day", ["yesterday", "2025-02-30", "2999-01-01"])
def test_a_day_that_is_none_is_refused(tmp_path, day):
    outcome = rackhour("refresh", "--as-of", day, home=tmp_path)
    assert outcome.returncode == 1
    assert day in outcome.stderr


def test_a_second_refresh_at_the_same_time_is_told_to_wait(home_with_release):
    program = "import sys,time\nfrom pathlib import Path\nfrom pipelines.home import lock\n"
    program += "from pipelines.home.places import Home\n"
    program += "with lock.held(Home(Path(sys.argv[1]))):\n    print('held', flush=True)\n    time.sleep(60)"
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(home_with_release)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert holder.stdout.readline() == "held\n"
        outcome = rackhour("refresh", home=home_with_release)
    finally:
        holder.kill()
        holder.wait()
    assert outcome.returncode == 1
    assert f"process {holder.pid}" in outcome.stderr


def damage_missing(path: Path) -> None:
    path.unlink()


def damage_binary(path: Path) -> None:
    path.write_bytes(b"\x00\xff" * 500)


def damage_header(path: Path) -> None:
    path.write_text("these,are,not,the,columns\n1,2,3,4,5\n", encoding="utf-8")


@pytest.mark.parametrize("damage", [damage_missing, damage_binary, damage_header])
def test_a_damaged_curated_file_in_a_fresh_home_publishes_nothing(installation, tmp_path, damage):
    damage(installation / "sources" / "colo_rates" / "curated" / "colo_market_facts.csv")
    outcome = refresh(tmp_path / "home", installation)
    assert outcome.returncode == 1, outcome.stderr
    assert "colo_market_facts" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not (tmp_path / "home" / "current").exists()


def test_a_kill_in_the_middle_of_publishing_leaves_the_old_release(killed, released_home):
    assert current(killed) == current(released_home)
    assert list((killed / "releases").glob(".draft-*"))
    assert rackhour("sql", "select count(*) from core.calendar", home=killed).returncode == 0


def test_a_damaged_curated_file_leaves_the_last_good_data_in_place_and_says_so(installation, killed):
    """This run also cleans up what a killed one left behind: one whole build for both."""
    before = current(killed)
    (installation / "sources" / "colo_rates" / "curated" / "colo_market_facts.csv").unlink()
    outcome = refresh(killed, installation)
    assert outcome.returncode == 0, outcome.stderr
    assert "colo_market_facts" in outcome.stdout + outcome.stderr
    assert "failed" in outcome.stdout
    assert list((killed / "releases").glob(".draft-*")) == []
    assert current(killed) != before
    asked = rackhour(
        "sql", "select status, message from ops.source_health where source_id = 'colo_market_facts' "
        "order by checked_at desc limit 1", "--format", "csv", home=killed,
    )  # fmt: skip
    assert "failed" in asked.stdout
    assert "last good payload stays" in asked.stdout
    health = rackhour("doctor", home=killed)
    assert health.returncode == 1
    assert "colo_market_facts failed" in health.stdout


def test_one_bad_row_is_quarantined_and_the_rest_goes_on(installation, tmp_path):
    path = installation / "sources" / "colo_rates" / "curated" / "colo_market_facts.csv"
    header, first, *rest = path.read_text(encoding="utf-8").splitlines()
    position = header.split(",").index("price_unit")
    assert "usd_per_kw_month" in first
    broken = first.replace("usd_per_kw_month", "usd_per_kw_hour")
    assert position >= 0
    path.write_text("\n".join([header, broken, *rest]) + "\n", encoding="utf-8")
    home = tmp_path / "home"
    outcome = refresh(home, installation)
    assert outcome.returncode == 0, outcome.stderr[-3000:]
    asked = rackhour(
        "sql", "select row_number, field, value from quarantine.rejected_row where source_id = 'colo_market_facts'",
        "--format", "csv", home=home,
    )  # fmt: skip
    assert asked.stdout.splitlines()[1:] == ["1,price_unit,usd_per_kw_hour"]


def test_a_full_disk_at_publish_leaves_the_release_untouched(home_with_release):
    """A real full disk: the releases folder on a file system of 3 MB, in a mount namespace of the test's own."""
    probe = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("needs the right to mount a small file system (root on Linux)")
    before = current(home_with_release)
    releases = home_with_release / "releases"
    kept = home_with_release / "kept"
    releases.rename(kept)
    releases.mkdir()
    script = (
        f"mount -t tmpfs -o size=3m none {releases} && mkdir -p {releases}/old && "
        f"{sys.executable} -m pipelines.cli refresh --as-of 2026-01-31"
    )
    environment = {**os.environ, "RACKHOUR_HOME": str(home_with_release)}
    outcome = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
        check=False,
    )
    releases.rmdir()
    kept.rename(releases)
    assert outcome.returncode == 1, outcome.stderr
    assert "disk is full" in outcome.stderr
    assert "prune" in outcome.stderr
    assert current(home_with_release) == before
    assert rackhour("sql", "select count(*) from core.calendar", home=home_with_release).returncode == 0
