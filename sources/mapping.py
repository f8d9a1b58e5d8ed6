"""A mapping file: how the columns of somebody's own file become the columns of a family's contract.

It is YAML, read with its line numbers, so that an error names the file, the line, the key and what is allowed. Every
value is taken as it is written: `no` is the word no, not a truth value. A mapping selects no rows: a row of the file
is accepted or rejected with a reason, never passed over.

Not here: reading the file (sources/tabular.py), making rows of it (sources/loaded.py), printing an empty mapping
(sources/template.py).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from sources.contract import Contract
from sources.errors import RequestError

Shape = Literal["records", "snapshots"]
KnownBasis = Literal["published", "first_seen", "loaded"]

# Columns that say who knew what and when: filled from the load itself where a mapping gives none.
PROVENANCE = (
    "valid_from",
    "valid_to",
    "known_from",
    "known_basis",
    "last_observed",
    "observation_count",
    "grade",
    "citation",
    "note",
)
# What folding makes of the looks: a snapshot cannot state it of itself.
FOLDED = ("valid_to", "last_observed", "observation_count")


class MappingError(RequestError):
    """A mapping that cannot be used: the text names file, line, key and what is allowed."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Facts(_Strict):
    """Whose figures these are, as dim_source will show them."""

    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    homepage: str | None = None
    attribution: str | None = None
    citation: str | None = Field(default=None, min_length=3)
    grade: Literal["A", "B", "C"] = "C"
    unit: str = "see price_unit of each row"
    cadence_days: int = Field(default=30, ge=1)
    known_basis: KnownBasis = "loaded"
    notes: str = ""

    @field_validator("homepage", "attribution", "citation", mode="before")
    @classmethod
    def _nothing_is_null(cls, value: object) -> object:
        return None if value in ("", "null", "~") else value


class Part(_Strict):
    """What differs for one part of a file that holds several publishers' rows (see split_by)."""

    title: str | None = None
    publisher: str | None = None
    licence: str | None = None
    homepage: str | None = None
    attribution: str | None = None
    citation: str | None = None
    grade: Literal["A", "B", "C"] | None = None
    unit: str | None = None
    cadence_days: int | None = Field(default=None, ge=1)
    known_basis: KnownBasis | None = None
    notes: str | None = None
    capture_group: tuple[str, ...] | None = None


class FileFormat(_Strict):
    """How the file is written. Nothing is guessed but the delimiter, and that from the header alone."""

    format: Literal["csv", "parquet", "json", "jsonl"] | None = None
    encoding: str = "utf-8"
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    quote: str = Field(default='"', min_length=1, max_length=1)
    decimal: Literal[".", ","] = "."
    thousands: str | None = Field(default=None, min_length=1, max_length=1)
    strip: tuple[str, ...] = ()
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    empty: tuple[str, ...] = ("",)
    records: str | None = None

    @field_validator("delimiter", mode="before")
    @classmethod
    def _tab(cls, value: object) -> object:
        return "\t" if value in ("tab", "\\t") else value


class Unpivot(_Strict):
    """Several price columns of one file row become one contract row each; a column that is empty makes none.

    `take: first` makes one row of the first column that is filled: the same price in several units, one or the other.
    """

    into: str = "price"
    take: Literal["all", "first"] = "all"
    columns: dict[str, dict[str, str]] = Field(min_length=1)


class FileMapping(_Strict):
    """A whole mapping. `columns` and `values` are keyed by contract column, `unpivot.columns` by file column."""

    source: Facts
    file: FileFormat = FileFormat()
    shape: Shape = "records"
    capture_group: tuple[str, ...] = ()
    split_by: str | None = None
    parts: dict[str, Part] = {}
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    unpivot: Unpivot | None = None
    values: dict[str, dict[str, str]] = {}

    @property
    def given(self) -> set[str]:
        """Contract columns that get a value from the file or a constant."""
        unpivoted = {self.unpivot.into, *_spread(self.unpivot)} if self.unpivot else set()
        return {*self.columns, *self.constants, *unpivoted}

    @property
    def file_columns(self) -> set[str]:
        """Columns of the file that are read."""
        read = {*self.columns.values(), *(self.unpivot.columns if self.unpivot else ())}
        return read | ({self.split_by} if self.split_by else set())

    def facts_of(self, part: str | None) -> Facts:
        """The facts of one part of the file, or of the whole."""
        if part is None:
            return self.source
        own = self.parts.get(part, Part()).model_dump(exclude_none=True, exclude={"capture_group"})
        return self.source.model_copy(update={"title": f"{self.source.title}: {part}", **own})

    def capture_group_of(self, part: str | None) -> tuple[str, ...]:
        """The columns that name what one look covers, for one part or the whole."""
        own = self.parts[part].capture_group if part in self.parts else None
        return self.capture_group if own is None else own


def read(text: str, name: str, contract: Contract) -> FileMapping:
    """A checked mapping. `name` is the file's, for errors.

    Raises MappingError with every fault found, each with its line.
    """
    document, lines = _document(text, name)
    try:
        mapping = FileMapping.model_validate(document)
    except ValidationError as error:
        faults = [(tuple(str(p) for p in e["loc"]), _pydantic_text(e)) for e in error.errors()]
    else:
        faults = list(_against_contract(mapping, contract))
    if faults:
        raise MappingError("\n".join(_fault(name, lines, where, what) for where, what in faults))
    return mapping


def identity(file_columns: Sequence[str], name: str, source_id: str, contract: Contract) -> FileMapping:
    """The mapping of a file that already has the contract's column names. Raises MappingError where it has not."""
    unknown = [c for c in file_columns if c not in contract.dtypes]
    if unknown:
        raise MappingError(
            f"{name}: without a mapping its columns must be the contract's own. Not among them: {', '.join(unknown)}. "
            f"Allowed: {', '.join(contract.dtypes)}. Write a mapping: `rackhour load FAMILY --template`."
        )
    facts = Facts(title=f"{name}, loaded by hand", publisher=source_id, licence="not stated")
    mapping = FileMapping(source=facts, columns={c: c for c in file_columns})
    faults = list(_against_contract(mapping, contract))
    if faults:
        raise MappingError("\n".join(f"{name}: {what}" for _, what in faults))
    return mapping


def check_file(mapping: FileMapping, file_columns: Sequence[str], name: str) -> None:
    """Every file column the mapping reads is there. Raises MappingError with the nearest names."""
    missing = sorted(mapping.file_columns - set(file_columns))
    if missing:
        told = "; ".join(f"{c!r}{_near(c, file_columns)}" for c in missing)
        raise MappingError(f"{name} has no column {told}. Its columns: {', '.join(file_columns)}.")


def allowed(contract: Contract, column: str) -> list[str] | None:
    """The values a column may take, where the contract lists them."""
    for check in contract.schema.columns[column].checks:
        statistics = getattr(check, "statistics", None) or {}
        if "allowed_values" in statistics:
            return [str(v) for v in statistics["allowed_values"]]
        if check.name == "equal_to":
            return [str(statistics["value"])]
    return None


def required(contract: Contract) -> list[str]:
    """Columns a mapping must give: those that may not be empty and that loading does not fill by itself."""
    return [n for n, c in contract.schema.columns.items() if not c.nullable and n not in PROVENANCE]


def _against_contract(mapping: FileMapping, contract: Contract) -> Iterable[tuple[tuple[str, ...], str]]:
    known = list(contract.dtypes)
    for section in ("columns", "constants", "values"):
        for column in getattr(mapping, section):
            if column not in known:
                yield (section, column), f"no column of this family{_near(column, known)}. Allowed: {', '.join(known)}."
    spread = _spread(mapping.unpivot) if mapping.unpivot else set()
    if mapping.unpivot:
        for column in sorted({mapping.unpivot.into, *spread} - set(known)):
            yield ("unpivot",), f"{column!r} is no column of this family. Allowed: {', '.join(known)}."
        for file_column, sets in mapping.unpivot.columns.items():
            for column in sorted(spread - set(sets)):
                yield ("unpivot", "columns", file_column), f"does not say its {column}; the other columns do."
    for place in (("capture_group",), *[("parts", p, "capture_group") for p in mapping.parts]):
        for column in mapping.capture_group_of(place[1] if len(place) > 1 else None):
            if column not in known:
                yield place, f"{column!r} is no column of this family. Allowed: {', '.join(known)}."
    if mapping.parts and not mapping.split_by:
        yield ("parts",), "needs split_by: the file's column that names the part of each row."
    given = [*mapping.columns, *mapping.constants, *([mapping.unpivot.into, *spread] if mapping.unpivot else [])]
    for column in sorted({c for c in given if given.count(c) > 1}):
        section = "constants" if column in mapping.constants else "unpivot"
        yield (section, column), f"{column} gets its value twice (columns, constants, unpivot: one of them)."
    for column in required(contract):
        if column not in mapping.given:
            yield (
                ("columns",),
                f"{column} is missing ({contract.descriptions[column]}). Give it a column or a constant.",
            )
    yield from _against_values(mapping, contract)
    yield from _against_shape(mapping)


def _against_values(mapping: FileMapping, contract: Contract) -> Iterable[tuple[tuple[str, ...], str]]:
    stated: list[tuple[tuple[str, ...], str, str]] = [(("constants", c), c, v) for c, v in mapping.constants.items()]
    for column, table in mapping.values.items():
        stated += [(("values", column, old), column, new) for old, new in table.items()]
    for file_column, sets in (mapping.unpivot.columns if mapping.unpivot else {}).items():
        stated += [(("unpivot", "columns", file_column, c), c, v) for c, v in sets.items()]
    for where, column, value in stated:
        listed = allowed(contract, column) if column in contract.dtypes else None
        if listed is not None and value not in listed:
            yield where, f"{value!r} is not allowed for {column}. Allowed: {', '.join(listed)}."


def _against_shape(mapping: FileMapping) -> Iterable[tuple[tuple[str, ...], str]]:
    if mapping.shape == "snapshots":
        for column in sorted(mapping.given & set(FOLDED)):
            section = "columns" if column in mapping.columns else "constants"
            yield (section, column), "a snapshot says what stands on one day; this is worked out from the looks."
    elif mapping.capture_group:
        yield ("capture_group",), "belongs to shape: snapshots; records are dated one by one."
    bases = {mapping.facts_of(p).known_basis for p in [*mapping.parts, None]}
    if "published" in bases and "known_from" not in mapping.given:
        yield ("source", "known_basis"), "published asks for known_from, the day the publisher made each figure known."
    for part in [*mapping.parts, None]:
        facts = mapping.facts_of(part)
        if "cc by" in facts.licence.lower().replace("-", " ") and not facts.attribution:
            where = ("source", "licence") if part is None else ("parts", part)
            yield where, "CC BY asks for attribution: give the sentence to print."


def _spread(unpivot: Unpivot) -> set[str]:
    return {column for sets in unpivot.columns.values() for column in sets}


def _near(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), n=2)
    return f" (did you mean {' or '.join(found)}?)" if found else ""


_SHAPES: Mapping[str, type[BaseModel]] = {
    "": FileMapping,
    "source": Facts,
    "file": FileFormat,
    "unpivot": Unpivot,
    "parts": Part,
}


def _pydantic_text(error: Any) -> str:
    where = [str(part) for part in error["loc"]]
    if error["type"] == "extra_forbidden":
        shape = _SHAPES.get(where[0] if len(where) > 1 else "", FileMapping)
        names = list(shape.model_fields)
        return f"unknown key{_near(where[-1], names)}. Allowed: {', '.join(names)}."
    if error["type"] == "missing":
        return "is missing."
    return f"{error['msg'].removeprefix('Input ')} (found {error['input']!r})."


def _fault(name: str, lines: Mapping[tuple[str, ...], int], where: tuple[str, ...], what: str) -> str:
    shown = where
    while where and where not in lines:
        where = where[:-1]
    line = lines.get(where, 1)
    return f"{name}, line {line}, {'.'.join(shown) or 'the file'}: {what}"


def _document(text: str, name: str) -> tuple[Any, dict[tuple[str, ...], int]]:
    """The YAML as texts, dicts and lists, and the line of every key."""
    lines: dict[tuple[str, ...], int] = {}
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise MappingError(f"{name} is no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(root, yaml.MappingNode):
        raise MappingError(f"{name} holds no mapping. Start from `rackhour load FAMILY --template`.")
    return _plain(root, (), lines, name), lines


def _plain(node: yaml.Node, where: tuple[str, ...], lines: dict[tuple[str, ...], int], name: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            word, place = str(key.value), (*where, str(key.value))
            line = key.start_mark.line + 1
            if word in found:
                raise MappingError(
                    f"{name}, line {line}, {'.'.join(place)}: stands twice (first in line {lines[place]})."
                )
            lines[place] = line
            if isinstance(value, yaml.ScalarNode) and value.value == "" and value.style is None:
                continue  # a key without a value says nothing
            found[word] = _plain(value, place, lines, name)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*where, str(n)), lines, name) for n, item in enumerate(node.value)]
    return str(node.value)
