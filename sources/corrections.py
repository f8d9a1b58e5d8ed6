"""Corrections: what a person decided about recorded rows, with the evidence, as data.

`sources/<family>/corrections.yml` ships with the package; a user's own stand in
`RACKHOUR_HOME/corrections/<family>.yml` in the same shape and win where both speak about one row. An entry names
rows in the publisher's own labels, as its contract spells them, and never touches the payload: the published value
stays beside the corrected one.
Not here: which landed rows an entry meets (pipelines/warehouse/corrections.py) or how it acts (staging, macro
`corrections`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from sources.errors import SourceError
from sources.registry import SOURCES_DIR, SourceSpec, all_sources, every_source

Scalar = str | int | float | bool | dt.date | None
Origin = Literal["packaged", "own"]
# Families whose rows carry a price; those whose figures an entry may change. Rows of the others are set aside only.
FAMILIES = ("token_prices", "gpu_rental", "power_prices", "colo_rates")
CORRECTED_FAMILIES = ("token_prices", "gpu_rental")


def _not_blank(text: str) -> str:
    if len(text.split()) < 2:
        raise ValueError("say in words what is wrong and what shows it")
    return text.strip()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Strict):
    """What stands in place of the published figure: a factor or a price, and what the price is per."""

    multiply_price_by: float | None = Field(default=None, gt=0)
    price: float | None = Field(default=None, ge=0)
    price_unit: str | None = None
    gpu_count: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _changes_something_once(self) -> Figure:
        if self.multiply_price_by is not None and self.price is not None:
            raise ValueError("multiply_price_by and price exclude each other")
        if not self.model_dump(exclude_none=True):
            raise ValueError("nothing is set")
        return self


class Guard(_Strict):
    """What the published price must be for the entry to act, in the row's own unit; both ends included.

    Upstream mends its figure, the guard fails, and the entry leaves the mended row alone and is reported.
    """

    price_equals: float | None = None
    price_at_least: float | None = None
    price_at_most: float | None = None

    @model_validator(mode="after")
    def _guards_something(self) -> Guard:
        if not self.model_dump(exclude_none=True):
            raise ValueError("nothing is expected")
        return self


class Correction(_Strict):
    """One decision. `first_day` and `last_day` bound the rows' valid_from, both included; null is open.

    reject: the rows are set aside under `reason_code`. release: rows that a rule (`reason_code`, else any) set aside
    are let through. correct: `set` replaces the figure. expect: nothing is changed, only the guard is watched.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$")
    source_id: str
    match: dict[str, Scalar | list[Scalar]] = Field(min_length=1)
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    action: Literal["reject", "release", "correct", "expect"]
    reason_code: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    set: Figure | None = None
    expect: Guard | None = None
    reason: Annotated[str, AfterValidator(_not_blank)]
    decided_on: dt.date
    decided_by: str = Field(min_length=1)

    @model_validator(mode="after")
    def _is_whole(self) -> Correction:
        if self.action == "reject" and self.reason_code is None:
            raise ValueError("a rejection needs its reason_code")
        if (self.action == "correct") != (self.set is not None):
            raise ValueError("`set` belongs to the action correct, and it needs one")
        if self.action == "expect" and self.expect is None:
            raise ValueError("the action expect needs its guard")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError("last_day lies before first_day")
        return self


class _File(_Strict):
    corrections: list[Correction]


def packaged() -> list[Correction]:
    """Every entry that ships with the package. Raises SourceError on one that is not valid."""
    return distinct([entry for family in FAMILIES for entry in read(SOURCES_DIR / family / "corrections.yml", family)])


def own(folder: Path, loaded: Path | None = None) -> list[Correction]:
    """A user's own entries: `<family>.yml` in `folder`; they may name sources the user loaded (`loaded`: their folder).

    Raises SourceError on an invalid entry or a stray file.
    """
    known = every_source(loaded) if loaded else all_sources()
    for path in sorted(folder.glob("*.y*ml")):
        if path.name not in {f"{family}.yml" for family in FAMILIES}:
            listed = ", ".join(f"{family}.yml" for family in FAMILIES)
            raise SourceError("corrections", f"{path.name} is no family's file.", f"Name it one of {listed}.")
    return distinct([entry for family in FAMILIES for entry in read(folder / f"{family}.yml", family, known)])


def read(path: Path, family: str, known: Mapping[str, SourceSpec] | None = None) -> list[Correction]:
    """The entries of one file, none where there is no file. Raises SourceError naming the entry and what is wrong."""
    if not path.exists():
        return []
    where = f"{path.parent.name}/{path.name}"
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {"corrections": []}
        entries = _File.model_validate(document).corrections
    except (yaml.YAMLError, ValidationError) as error:
        raise SourceError("corrections", f"{where} is not valid ({_told(error)}).", "Correct the entry.") from error
    for entry in entries:
        _belongs(entry, family, where, known or all_sources())
    return entries


def _belongs(entry: Correction, family: str, where: str, known: Mapping[str, SourceSpec]) -> None:
    """The source is of the family, the columns are its contract's, and the family's figures may be changed."""
    spec = known.get(entry.source_id)
    if spec is None or spec.family != family:
        raise SourceError("corrections", f"{where}: {entry.id} names {entry.source_id!r}, no source of {family}.", "")
    dtypes = spec.load_contract().dtypes
    if "price" not in dtypes:
        raise SourceError("corrections", f"{where}: {entry.id}: {entry.source_id} holds no prices.", "")
    unknown = sorted(set(entry.match) - set(dtypes))
    if unknown:
        listed = ", ".join(dtypes)
        raise SourceError("corrections", f"{where}: {entry.id} matches on {unknown}.", f"Columns are: {listed}.")
    if entry.action in ("correct", "release") and family not in CORRECTED_FAMILIES:
        raise SourceError("corrections", f"{where}: {entry.id}: rows of {family} can be rejected or watched only.", "")
    if entry.set and entry.set.gpu_count is not None and "gpu_count" not in dtypes:
        raise SourceError("corrections", f"{where}: {entry.id} sets a gpu_count that {family} does not have.", "")


def distinct(entries: list[Correction]) -> list[Correction]:
    """The entries, where each has an id of its own; raises SourceError where two share one."""
    ids = [entry.id for entry in entries]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        raise SourceError("corrections", f"ids stand twice: {', '.join(doubled)}.", "Every entry has an id of its own.")
    return entries


def _told(error: yaml.YAMLError | ValidationError) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    return " ".join(str(error).split())
