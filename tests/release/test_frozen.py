"""Releases lose their write permission, stay readable, and can still be deleted by their owner."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.release.frozen import freeze, remove

NOBODY = 65534


def laid_out(folder: Path) -> Path:
    release = folder / "releases" / "one"
    (release / "parquet" / "core").mkdir(parents=True)
    for path in (release / "rackhour.duckdb", release / "parquet" / "core" / "calendar.parquet"):
        path.write_bytes(b"x")
        path.chmod(0o644)
    for path in (release, release / "parquet", release / "parquet" / "core"):
        path.chmod(0o755)
    return release


def modes(folder: Path) -> set[tuple[bool, int]]:
    return {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [folder, *folder.rglob("*")]}


def test_files_are_0444_and_folders_0555(tmp_path):
    release = laid_out(tmp_path)
    freeze(release)
    assert modes(release) == {(True, 0o555), (False, 0o444)}


def test_what_others_may_not_read_stays_so(tmp_path):
    release = laid_out(tmp_path)
    (release / "rackhour.duckdb").chmod(0o600)
    freeze(release)
    assert stat.S_IMODE((release / "rackhour.duckdb").stat().st_mode) == 0o400


def test_what_a_link_points_to_is_left_alone(tmp_path):
    release, outside = laid_out(tmp_path), tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_bytes(b"x")
    (release / "link").symlink_to(outside, target_is_directory=True)
    before = modes(outside)
    freeze(release)
    remove(release)
    assert not release.exists()
    assert modes(outside) == before
    assert (outside / "file").read_bytes() == b"x"


def test_there_may_be_nothing_to_remove(tmp_path):
    remove(tmp_path / "never")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def without_rights() -> Iterator[None]:
    """Root's permissions set aside, which bind root to nothing. Another user is left as it is."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that whoever runs without root's rights owns."""
    made = Path(tempfile.mkdtemp())
    if os.geteuid() == 0:
        os.chown(made, NOBODY, -1)
    yield made
    remove(made)


def test_its_owner_cannot_change_it_by_mistake_and_can_rename_and_delete_it(folder, without_rights):
    release = laid_out(folder)
    freeze(release)
    for attempt in (
        lambda: (release / "rackhour.duckdb").write_bytes(b"changed"),
        lambda: (release / "new").write_bytes(b"x"),
        lambda: (release / "parquet" / "core" / "calendar.parquet").unlink(),
    ):
        with pytest.raises(PermissionError):
            attempt()
    moved = release.rename(release.with_name("two"))
    assert (moved / "rackhour.duckdb").read_bytes() == b"x"
    remove(moved)
    assert list((folder / "releases").iterdir()) == []
