"""What stands behind a cell of a core table: the row, its meaning, and the observations it was made of.

An aggregating core table lists its observations (`observation_ids`, or `observation_id`); the fact tables hold who
said it, where, when it held and since when it is known. Corrections are those of the quarantine.

Not here: the tree above a cell (tree.py), printing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import duckdb

from pipelines.economics.trace import Trace
from pipelines.explain.tree import Tree
from sources.documents import CITED, DOCUMENTS, OURS

OBSERVATION, ASSUMPTION, DOCUMENT, STATED = "observation", "assumption", "document", "stated"
MART, RULE, UNKNOWN = "mart", "rule", "unknown"

LABELS = (
    "provider",
    "publisher",
    "model_label",
    "token_kind",
    "processing",
    "sku",
    "commitment",
    "region",
    "gpu_label",
    "attribute",
    "zone",
    "sector",
    "interval_start",
    "market",
    "size_band",
    "rate_type",
    "submission_id",
    "scenario",
    "precision",
)
"""Columns of fact tables that tell one observation from another, as far as a table has them."""

ATTRIBUTE = {"fct_hardware": "attribute", "fct_token_price": "token_kind"}
"""Fact tables that hold several things about one subject: the column that says which. The cell's column is called like
it, or like it with its unit (cache_write_1h_usd_per_mtok)."""

DATES = ("valid_from", "valid_to", "known_from", "known_to", "known_basis", "last_observed")
TOLD = (*DATES, "grade", "citation", "note", "payload_sha256", "row_number")
DETAILS = ("as_of_date", "age_days", "is_stale", "is_indicative")


@dataclass(frozen=True)
class Observation:
    """One row of a fact table: who said what, where it stands, when it held, and what was done to it."""

    observation_id: str
    source_id: str
    publisher: str | None
    title: str | None
    label: str
    value: float | None
    facts: Mapping[str, Any]
    corrections: tuple[Mapping[str, Any], ...] = ()
    payload: str | None = None
    """Where in the home the payload lies that it was read from, as it came; in which row of it is `row_number`."""
    payload_sha256: str | None = None
    row_number: int | None = None


@dataclass(frozen=True)
class Origin:
    """What a leaf is: its kind, the core row it stands in, what the column means, and its observations."""

    kind: str
    table: str | None = None
    column: str | None = None
    key: Mapping[str, Any] = field(default_factory=dict)
    meaning: str | None = None
    unit: str | None = None
    reason: str | None = None
    observations: tuple[Observation, ...] = ()
    in_core: float | None = None
    """The value core holds, where what was computed with is another: an end of its range, or a scenario's."""
    end: str | None = None
    """Which end of core's range the value is, if it is one."""


class Facts:
    """The fact tables of a release, asked about the cells of one trace."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, trace: Trace) -> None:
        self.connection = connection
        self.trace = trace
        self.known: dict[str, Origin] = {}

    def origin(self, leaf: Tree) -> Origin:
        """What a leaf of a tree stands on."""
        if leaf.rule is not None:
            return Origin(RULE, reason=leaf.rule)
        if leaf.cell is None:
            return Origin(UNKNOWN, reason="not stated" if leaf.value is None else None)
        if leaf.key not in self.known:
            self.known[leaf.key] = self._of_cell(*leaf.cell)
        origin, (table, row, column) = self.known[leaf.key], leaf.cell
        stated = self.trace.core[table].row(row, named=True)
        if leaf.value is None or leaf.value == stated[column]:
            return origin
        end = next((end for end in ("low", "high") if stated.get(f"{column}_{end}") == leaf.value), None)
        return replace(origin, in_core=stated[column], end=end)

    def _of_cell(self, table: str, row_number: int, column: str) -> Origin:
        row = self.trace.core[table].row(row_number, named=True)
        schema, _, name = table.rpartition(".")
        meaning = self.meanings.get((schema or "core", name, column))
        if name == "assumption" or name.startswith("claim") or name.startswith("inconsistency"):
            return self._stated(name, row, column)
        if schema == "marts":
            return Origin(
                MART, table, column, _shown(row), meaning, reason=f"computed: rackhour explain {name} tells how"
            )
        if name.startswith("fct_") or (row.get("observation_id") and row.get("citation")):
            own = self._observation(row, column, str(row["observation_id"]))
            return Origin(OBSERVATION, name, column, _shown(row), meaning, observations=(own,))
        names = row.get("observation_ids") or []
        found = self._observations(list(names), column)
        if row.get("observation_id"):
            found = self._observations([row["observation_id"]], column, of_one=True)
        if not found and row.get("citation"):
            found = (self._observation(row, column, str(row.get("observation_id") or "")),)
        return Origin(OBSERVATION, name, column, _shown(row), meaning, observations=found)

    def _stated(self, table: str, row: Mapping[str, Any], column: str) -> Origin:
        """A value a document or another publisher states, or one of ours."""
        signed = signature(table, row)
        ours = signed == OURS
        named = ("assumption_set", "parameter", "subject", "claim_id", "inconsistency_id", "side", "operand", "metric")
        key = {name: row[name] for name in named if row.get(name)}
        stated = replace(self._observation(row, column, str(row.get("observation_id") or "")), publisher=signed)
        reason = row.get("note") if ours else None
        kind = ASSUMPTION if ours else DOCUMENT if signed == DOCUMENTS else STATED
        return Origin(kind, table, column, key, None, row.get("unit"), reason, (stated,))

    def _observations(self, names: Sequence[str], column: str, *, of_one: bool = False) -> tuple[Observation, ...]:
        """What the fact tables hold under these names; of several things about a subject only what the column says.

        `of_one`: the names are of one thing, whatever its column is called.
        """
        if not names:
            return ()
        found: dict[str, Observation] = {}
        for table in self.fact_tables:
            told = self.connection.execute(
                f"select * from rackhour.core.{table} where list_contains(?, observation_id)", [list(names)]
            )
            columns = [item[0] for item in told.description or []]
            for values in told.fetchall():
                row = dict(zip(columns, values, strict=True))
                which = None if of_one else ATTRIBUTE.get(table)
                if which is None or column == row[which] or column.startswith(f"{row[which]}_usd_"):
                    found.setdefault(row["observation_id"], self._observation(row, column, row["observation_id"]))
        return tuple(found[name] for name in names if name in found)

    def _observation(self, row: Mapping[str, Any], column: str, name: str) -> Observation:
        source = self.sources.get(str(row.get("source_id")), {})
        return Observation(
            observation_id=name,
            source_id=str(row.get("source_id") or ""),
            publisher=row.get("publisher") or source.get("publisher"),
            title=source.get("title"),
            label=" ".join(str(row[label]) for label in LABELS if row.get(label) not in (None, "unspecified")),
            value=_value(row, column),
            facts={name: row[name] for name in TOLD if row.get(name) is not None},
            corrections=tuple(self.corrections.get(name, ())),
            payload=_payload(source.get("family"), row),
            payload_sha256=row.get("payload_sha256"),
            row_number=row.get("row_number"),
        )

    @cached_property
    def fact_tables(self) -> list[str]:
        """Tables of core that hold observations."""
        rows = self.connection.sql(
            "select table_name from duckdb_columns() where database_name = 'rackhour' and schema_name = 'core' "
            "and column_name = 'observation_id' and table_name like 'fct_%' order by all"
        ).fetchall()
        return [name for (name,) in rows]

    @cached_property
    def meanings(self) -> dict[tuple[str, str, str], str]:
        """What each column of the release means, by schema, table and column."""
        rows = self.connection.sql(
            "select schema_name, table_name, column_name, comment from duckdb_columns() "
            "where database_name = 'rackhour' and comment is not null"
        ).fetchall()
        return {(schema, table, column): text for schema, table, column, text in rows}

    @cached_property
    def sources(self) -> dict[str, dict[str, str]]:
        """Publisher, title and family of every source."""
        told = self.connection.sql("select source_id, publisher, title, family from rackhour.core.dim_source")
        return {row[0]: dict(zip(told.columns[1:], row[1:], strict=True)) for row in told.fetchall()}

    @cached_property
    def corrections(self) -> dict[str, list[dict[str, Any]]]:
        """Every corrected row by observation, with the decision."""
        told = self.connection.sql(
            """
            select
                changed.observation_id, changed.correction_id, changed.action, changed.published_price,
                changed.published_unit, changed.corrected_price, changed.corrected_unit,
                decided.reason, decided.decided_on, decided.decided_by
            from rackhour.quarantine.corrected_row as changed
            join rackhour.quarantine.correction as decided using (correction_id)
            where changed.guard_holds
            order by all
            """
        )
        found: dict[str, list[dict[str, Any]]] = {}
        for name, *values in told.fetchall():
            found.setdefault(name, []).append(dict(zip(told.columns[1:], values, strict=True)))
        return found


def signature(table: str, row: Mapping[str, Any]) -> str:
    """Who states the value of an assumption, a claim, or an operand of one.

    Assumptions name their publisher. A claim is what a document prints; an operand is the document's where it cites a
    line of one, and ours where it does not (hours of a year).
    """
    if row.get("publisher"):
        return str(row["publisher"])
    return DOCUMENTS if CITED.search(str(row.get("citation") or "")) or table == "claim" else OURS


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """What tells a row of a core table from others: its labels, day and age."""
    return {k: v for k, v in row.items() if k in DETAILS or (isinstance(v, str) and k not in _LONG)}


_LONG = ("citations", "citation", "note", "observation_id", "source_id")


def _payload(family: str | None, row: Mapping[str, Any]) -> str | None:
    """The kept payload of an observation, below the home; None where the release does not say which it was."""
    if not family or not row.get("payload_sha256"):
        return None
    return f"landing/{family}/{row['source_id']}/{row['payload_sha256']}/payload.gz"


def _value(row: Mapping[str, Any], column: str) -> float | None:
    """The figure of a fact: the column of the same name, else its first number."""
    if row.get(column) is not None:
        return float(row[column])
    for name, value in row.items():
        if not name.startswith("original") and type(value).__name__ in ("float", "Decimal"):
            return float(value)
    return None
