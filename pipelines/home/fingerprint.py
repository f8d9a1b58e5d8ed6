"""What a refresh depends on, as one hash: code, embedded files, packaged data, library versions, settings, landing,
a user's own corrections.

Equal fingerprints give equal core and marts, so an unchanged re-run is recognised here in a few milliseconds,
before Dagster, dbt or polars is imported. Not here: deciding what to do about it (pipelines/defs/refresh.py).
"""

from __future__ import annotations

import hashlib
import sys
from importlib import metadata

from pipelines.home.build import Build
from pipelines.home.packaged import TREE

TREES = {
    "sources": {".py", ".yml", ".csv"},
    "pipelines": {".py"},
    "dbt_project": {".sql", ".yml", ".csv"},
}
SKIPPED = {"__pycache__", "target", "logs", "dbt_packages"}
DATA_PACKAGES = ("genai-prices",)  # their wheel's own list of file hashes stands for their bytes
LIBRARIES = ("polars", "duckdb", "pandera", "dbt-core", "dbt-duckdb", "dagster", "pyarrow", "numpy")


def fingerprint(build: Build) -> str:
    """Hex digest over everything the build's core and marts can depend on, except what a live fetch may bring."""
    digest = hashlib.sha256()

    def add(*parts: str | bytes) -> None:
        for part in parts:
            digest.update(part.encode() if isinstance(part, str) else part)
            digest.update(b"\0")

    add(f"{sys.version_info.major}.{sys.version_info.minor}", build.mode, str(build.as_of), str(build.only))
    for library in LIBRARIES:
        add(library, metadata.version(library))
    for package in DATA_PACKAGES:
        add(package, metadata.distribution(package).read_text("RECORD") or "")
    for tree, endings in TREES.items():
        for path in sorted((TREE / tree).rglob("*")):
            inside = path.relative_to(TREE)
            if path.suffix in endings and not SKIPPED & set(inside.parts) and path.is_file():
                add(inside.as_posix(), path.read_bytes())
    for path in sorted(build.home.landing.glob("*/*/good.json")):
        add(path.relative_to(build.home.landing).as_posix(), path.read_bytes())
    for path in sorted(build.home.corrections.glob("*")):
        add(path.relative_to(build.home.root).as_posix(), path.read_bytes())
    for path in sorted(build.home.sources.glob("*/*.yml")):
        add(path.relative_to(build.home.sources).as_posix(), path.read_bytes())
    return digest.hexdigest()
