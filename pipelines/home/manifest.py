"""A release's manifest: what it was made of and what it holds, as `manifest.json` says it.

Not here: making releases (pipelines/release/publish.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.home.places import Home

Manifest = dict[str, Any]


class ReleaseError(Exception):
    """A release that is asked for is not there, or not whole."""


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a release folder. Raises ReleaseError where it is missing or damaged."""
    path = folder / "manifest.json"
    try:
        document: Manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ReleaseError(f"{folder.name} has no manifest.json: not a release, or not whole.") from error
    except json.JSONDecodeError as error:
        raise ReleaseError(f"{path} is damaged ({error}). Roll back: rackhour releases rollback ID.") from error
    return document


def current_manifest(home: Home) -> Manifest | None:
    """The published release's manifest, or None before the first release."""
    return read_manifest(home.current) if (home.current / "manifest.json").exists() else None


def released(home: Home) -> list[Manifest]:
    """Every whole release of the home, oldest first."""
    if not home.releases.is_dir():
        return []
    folders = sorted(p for p in home.releases.iterdir() if (p / "manifest.json").exists() and p.name[0] != ".")
    return [read_manifest(folder) for folder in folders]
