"""Where everything the product writes lies. Not here: writing it, or what the folders mean to users (docs)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


class HomeError(Exception):
    """The home cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Home:
    """The folder RACKHOUR_HOME and the fixed places inside it."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """`RACKHOUR_HOME`, or `./data`; an absolute path either way, so that a change of folder changes nothing."""
        return cls(Path(os.environ.get("RACKHOUR_HOME") or "data").expanduser().absolute())

    @property
    def landing(self) -> Path:
        """Payloads as they came, and their accepted and rejected rows."""
        return self.root / "landing"

    @property
    def sources(self) -> Path:
        """What users' loaded files are: `<family>/<source_id>.yml` each, beside the package's own sources."""
        return self.root / "sources"

    @property
    def build(self) -> Path:
        """The workshop: one build at a time; never read by users."""
        return self.root / "build"

    @property
    def build_db(self) -> Path:
        """The database dbt builds in. Its basename is the catalogue name that views record: it never changes."""
        return self.build / "rackhour.duckdb"

    @property
    def marts(self) -> Path:
        """Mart tables of the build in hand, one Parquet file each."""
        return self.build / "marts"

    @property
    def releases(self) -> Path:
        """Published releases, one immutable folder each."""
        return self.root / "releases"

    @property
    def current(self) -> Path:
        """The published release: a link that is swapped in one rename."""
        return self.root / "current"

    @property
    def ops(self) -> Path:
        """The append-only log of runs: the only place that holds clock values."""
        return self.root / "ops"

    @property
    def corrections(self) -> Path:
        """A user's own corrections, one YAML file per family (sources/corrections.py); absent until there is one."""
        return self.root / "corrections"

    @property
    def lock_file(self) -> Path:
        """Held by the one process that builds."""
        return self.root / ".lock"

    def ensure(self) -> None:
        """Make the folders. Raises HomeError naming the folder that cannot be written and what to do."""
        for folder in (self.root, self.landing, self.build, self.releases, self.ops):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise HomeError(_unwritable(folder, error)) from error
        probe = self.root / f".write-test-{os.getpid()}"
        try:
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise HomeError(_unwritable(self.root, error)) from error


def _unwritable(folder: Path, error: OSError) -> str:
    return (
        f"cannot write to {folder} ({error.strerror}). "
        "Set RACKHOUR_HOME to a folder you may write to, or correct its permissions."
    )
