"""Scenario files: the packaged ones and a user's own, each a name, a reason to exist, and overrides with sources.

A file `NAME.yml` has `description`, `extends` (names, applied first) and `overrides`, each `set` (the target), `to`
(the change), `reason` and `source`. Names join with `+`: the overrides of each follow those before.

Not here: applying them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

import sources.assumptions
from pipelines.scenarios.errors import ScenarioError, unknown
from pipelines.scenarios.override import Override, override

PACKAGED = Path(sources.assumptions.__file__).parent / "scenarios"
BASE = "base"
RESERVED = ("list", "show")
_FIELDS = {"description", "extends", "overrides"}
_OVERRIDE_FIELDS = {"set", "to", "reason", "source"}


@dataclass(frozen=True)
class Written:
    """One file as it is written, checked for its form."""

    name: str
    path: Path
    description: str
    extends: tuple[str, ...]
    overrides: tuple[Mapping[str, str], ...]


def written(own: Path | None = None) -> dict[str, Written]:
    """Every scenario by name: the packaged ones, and those of a user's own folder.

    Raises ScenarioError for a file that is damaged or takes a name that is taken.
    """
    found: dict[str, Written] = {}
    for folder in (PACKAGED, own):
        for path in sorted(folder.glob("*.yml")) if folder else []:
            one = _read(path)
            if one.name in found or one.name in RESERVED or "+" in one.name:
                raise ScenarioError(f"{path}: the name {one.name!r} is taken; name the file otherwise.")
            found[one.name] = one
    for one in found.values():
        for parent in one.extends:
            if parent not in found:
                raise ScenarioError(f"{one.path}: extends: {unknown('scenario', parent, found)}")
    return found


def _read(path: Path) -> Written:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path} is no YAML: {error}") from error
    if not isinstance(document, dict):
        raise ScenarioError(f"{path}: a scenario is a mapping with description, extends and overrides.")
    _known_fields(path, document, _FIELDS)
    if not document.get("description"):
        raise ScenarioError(f"{path}: says no description.")
    extends = document.get("extends") or []
    overrides = document.get("overrides") or []
    for one in overrides:
        if not isinstance(one, dict):
            raise ScenarioError(f"{path}: an override is a mapping with set, to, reason and source.")
        _known_fields(path, one, _OVERRIDE_FIELDS)
        missing = [name for name in sorted(_OVERRIDE_FIELDS) if one.get(name) in (None, "")]
        if missing:
            raise ScenarioError(f"{path}: the override of {one.get('set', '?')} says no {', '.join(missing)}.")
    return Written(
        name=path.stem,
        path=path,
        description=" ".join(str(document["description"]).split()),
        extends=(extends,) if isinstance(extends, str) else tuple(extends),
        overrides=tuple({key: " ".join(str(value).split()) for key, value in one.items()} for one in overrides),
    )


def _known_fields(path: Path, document: Mapping[str, Any], known: set[str]) -> None:
    for name in document:
        if name not in known:
            raise ScenarioError(f"{path}: {unknown('field', str(name), known)}")


def overrides_of(name: str, known: Mapping[str, Written], tables: Mapping[str, pl.Schema]) -> list[Override]:
    """The overrides of a name, or of names joined by `+`, parents before children, each file once.

    Raises ScenarioError for an unknown name, a circle, and a target that core does not have.
    """
    ordered: list[Written] = []

    def visit(one: str, chain: tuple[str, ...]) -> None:
        if one in chain:
            raise ScenarioError(f"scenarios extend each other in a circle: {' -> '.join([*chain, one])}.")
        if one not in known:
            raise unknown("scenario", one, known)
        if known[one] in ordered:
            return
        for parent in known[one].extends:
            visit(parent, (*chain, one))
        ordered.append(known[one])

    for part in name.split("+"):
        visit(part.strip(), ())
    return [
        override(line["set"], line["to"], tables, line["reason"], line["source"])
        for one in ordered
        for line in one.overrides
    ]
