"""The list of sources: every `sources/<family>/source.yml`, read once and checked.

Adding a publisher is adding an entry there (and a module where its payload is not a curated CSV).
Not here: fetching, parsing, storing.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sources.errors import SourceError

if TYPE_CHECKING:
    from sources.contract import Contract

SOURCES_DIR = Path(__file__).parent


class SourceSpec(BaseModel):
    """One source's provenance and wiring, as its entry in source.yml states it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    family: str
    title: str
    publisher: str
    homepage: str | None = None
    licence: str
    attribution: str | None = None
    cadence_days: int = Field(ge=1)
    grade: Literal["A", "B", "C"]
    unit: str
    known_basis: Literal["published", "first_seen", "loaded"]
    connector: str = "curated"
    contract: str = "observation"
    offline: str | None = None
    live: str | None = None
    payloads: Literal["replace", "append"] = "replace"
    notes: str = ""
    # Whose items one look at the publisher covers together (columns of the contract; none: all of them).
    capture_group: tuple[str, ...] = ()
    frozen_after_days: int | None = Field(default=None, ge=1)
    # runs: a change-only history beside its calendar of captures; snapshots: every payload shows what holds then (of a
    # market, all intervals it covers); records: dated rows; captures: a calendar itself.
    shape: Literal["runs", "snapshots", "records", "captures"]
    # Of runs: the source that holds their calendar; <source_id>_captures where not named.
    captures: str = ""
    # False: its statements are dated, and vouch for every day they name; a look at it is no day of a price.
    counts_looks: bool = True
    # own: this publisher differs from its family, and dbt_project holds a view of its own for it.
    staging: Literal["shared", "own"] = "shared"
    # How its publisher is asked, and under which terms.
    documentation: str | None = None
    limits: str = ""
    terms: str = ""
    secrets: tuple[str, ...] = ()
    extra: str | None = None
    max_mb: int = Field(default=64, ge=1)
    requests_per_second: float = Field(default=5, gt=0)
    redirect_hosts: tuple[str, ...] = ()

    @property
    def frozen_after(self) -> int:
        """Days without any change after which a publisher that still answers counts as frozen: twice its cadence."""
        return self.frozen_after_days or 2 * self.cadence_days

    def not_set_up(self) -> str:
        """Why it cannot be asked here: a key that is not in the environment, an extra that is not installed; or ""."""
        unset = [name for name in self.secrets if not os.environ.get(name, "").strip()]
        if unset:
            return f"needs a key: set {', '.join(unset)}"
        if self.extra and importlib.util.find_spec(self.extra) is None:
            return f"needs the extra {self.extra}: pip install 'rackhour[{self.extra}]'"
        return ""

    @property
    def calendar(self) -> str:
        """The source that holds the captures of its runs; "" where it has no runs."""
        return (self.captures or f"{self.source_id}_captures") if self.shape == "runs" else ""

    @property
    def has_looks(self) -> bool:
        """Whether days on which somebody looked are known: by a calendar, or by what each of its payloads shows."""
        return bool(self.calendar) or (self.shape == "snapshots" and self.counts_looks)

    @property
    def folder(self) -> Path:
        """The family's folder inside the package."""
        return SOURCES_DIR / self.family

    def load_connector(self) -> ModuleType:
        """The publisher module: `sources.<family>.<connector>`, or the generic `sources.curated`."""
        own = SOURCES_DIR / self.family / f"{self.connector}.py"
        return importlib.import_module(
            f"sources.{self.family}.{self.connector}" if own.exists() else f"sources.{self.connector}"
        )

    def load_contract(self) -> Contract:
        """The contract its rows are held to. Raises SourceError where the family defines none of that name."""
        from sources.contract import CAPTURE

        if self.contract == "capture":
            return CAPTURE
        contracts: dict[str, Contract] = importlib.import_module(f"sources.{self.family}.contract").CONTRACTS
        if self.contract not in contracts:
            raise SourceError(
                self.source_id,
                f"source.yml names contract {self.contract!r}.",
                f"sources/{self.family}/contract.py defines: {', '.join(contracts)}.",
            )
        return contracts[self.contract]


@cache
def all_sources() -> dict[str, SourceSpec]:
    """Every source by its id, in a fixed order. Raises SourceError on an entry that is incomplete or doubled."""
    found: dict[str, SourceSpec] = {}
    for path in sorted(SOURCES_DIR.glob("*/source.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        for source_id, entry in (document.get("sources") or {}).items():
            where = f"sources/{path.parent.name}/source.yml"
            spec = _spec(source_id, path.parent.name, entry, where)
            if source_id in found:
                raise SourceError(source_id, f"{where} names it a second time.", "Source ids are unique.")
            found[source_id] = spec
    for spec in found.values():
        _check_shape(spec, found)
    return found


def _check_shape(spec: SourceSpec, found: dict[str, SourceSpec]) -> None:
    """Raises SourceError where the shape of a source does not fit how its payloads are kept, or lacks its calendar."""
    where = f"sources/{spec.family}/source.yml"
    if (spec.payloads == "append") != (spec.shape == "snapshots"):
        raise SourceError(
            spec.source_id,
            f"{where} states shape {spec.shape} with payloads {spec.payloads}.",
            "Snapshots pile up (payloads: append); every other shape is replaced as a whole (payloads: replace).",
        )
    if (spec.contract == "capture") != (spec.shape == "captures"):
        raise SourceError(
            spec.source_id,
            f"{where} states shape {spec.shape} with contract {spec.contract}.",
            "A calendar has shape captures and contract capture; no other source has either.",
        )
    calendar = found.get(spec.calendar)
    if spec.calendar and (calendar is None or calendar.shape != "captures"):
        raise SourceError(
            spec.source_id,
            f"{where} states shape runs, and no source {spec.calendar} holds its captures.",
            f"Add {spec.calendar} with shape captures, or name the calendar in `captures`.",
        )


def home_sources(folder: Path) -> dict[str, SourceSpec]:
    """Sources a home has loaded from users' files: `<folder>/<family>/<source_id>.yml`, written by `rackhour load`.

    Raises SourceError on a file that is incomplete.
    """
    found = {}
    for path in sorted(folder.glob("*/*.yml")):
        entry = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        where = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
        found[path.stem] = _spec(path.stem, path.parent.name, entry, where)
    return found


def every_source(folder: Path) -> dict[str, SourceSpec]:
    """The package's sources and those a home has loaded (see home_sources)."""
    return {**all_sources(), **home_sources(folder)}


def _spec(source_id: str, family: str, entry: dict[str, Any], where: str) -> SourceSpec:
    try:
        return SourceSpec(source_id=source_id, family=family, **entry)
    except (ValidationError, TypeError) as error:
        faults = error.errors() if isinstance(error, ValidationError) else []
        details = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in faults) or str(error)
        raise SourceError(source_id, f"{where} is not valid ({details}).", "Correct the entry.") from error


def select(names: list[str] | None) -> list[SourceSpec]:
    """The named sources, or all. Raises SourceError on a name nobody knows, with the nearest known names."""
    import difflib

    sources = all_sources()
    if not names:
        return list(sources.values())
    chosen = []
    for name in names:
        if name not in sources:
            near = difflib.get_close_matches(name, sources, n=3) or [one for one in sorted(sources) if name in one][:5]
            told = f"Did you mean: {', '.join(near)}?" if near else "`rackhour sources` lists all of them."
            raise SourceError(name, "no source of that name.", told)
        chosen.append(sources[name])
    return chosen


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
