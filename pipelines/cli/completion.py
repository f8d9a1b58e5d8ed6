"""What the shell offers on Tab: marts, tables, sources, scenarios, releases, formats.

Each answer is read from file names or the release's manifest, in milliseconds; where something is missing or damaged
nothing is offered and nothing is said. Not here: installing it (`rackhour --install-completion`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from pipelines.home.manifest import current_manifest
from pipelines.home.packaged import TREE
from pipelines.home.places import Home

SOURCES = TREE / "sources"
_ENTRY = re.compile(r"^  ([a-z][a-z0-9_]*):", re.MULTILINE)

Offer = Callable[[str], list[str]]


def _offering(names: Callable[[], Iterable[str]]) -> Offer:
    """A completion that offers the names that begin with what is typed; silent whatever happens."""

    def offer(incomplete: str) -> list[str]:
        try:
            return [name for name in names() if name.startswith(incomplete)]
        except Exception:  # noqa: BLE001 - a shell that completes a word must never show a traceback
            return []

    return offer


def _published(*schemas: str) -> list[str]:
    manifest = current_manifest(Home.from_environment()) or {"tables": {}}
    return sorted(name for name in manifest["tables"] if name.split(".")[0] in schemas)


def _stems(*folders: Path) -> list[str]:
    return sorted(path.stem for folder in folders for path in folder.glob("*.yml"))


def _packaged_sources() -> list[str]:
    files = sorted(SOURCES.glob("*/source.yml"))
    return sorted(name for path in files for name in _ENTRY.findall(path.read_text(encoding="utf-8")))


def _mart_names() -> list[str]:
    return [name.partition(".")[2] for name in _published("marts")]


def _explainable() -> list[str]:
    return [*_mart_names(), *_published("core")]


def _table_names() -> list[str]:
    return [*_published("marts", "core", "quarantine"), *_mart_names()]


def _every_source() -> list[str]:
    own = Home.from_environment().sources
    return sorted([*_packaged_sources(), *_stems(*own.glob("*"))])


def _scenario_names() -> list[str]:
    own = Home.from_environment().root / "scenarios"
    return [*_stems(SOURCES / "assumptions" / "scenarios", own), "list", "show"]


def _release_ids() -> list[str]:
    folder = Home.from_environment().releases
    return [*sorted(path.parent.name for path in folder.glob("[!.]*/manifest.json")), "current"]


def _families() -> list[str]:
    return ["gpu_rental", "token_prices", "colo_rates", "power_prices"]


def one_of(*names: str) -> Offer:
    """A completion of fixed names, such as formats."""
    return _offering(lambda: names)


marts = _offering(_mart_names)
explainable = _offering(_explainable)
tables = _offering(_table_names)
packaged_sources = _offering(_packaged_sources)
every_source = _offering(_every_source)
scenarios = _offering(_scenario_names)
releases = _offering(_release_ids)
families = _offering(_families)
