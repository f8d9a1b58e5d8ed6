"""Names of publishers that no crosswalk knows, as a release holds them: their rows are in no fact until one does.

Read by whoever shows them to a person: the summary, the doctor. Not here: finding them (dbt, core.unmapped_name).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

LISTED = 8


@dataclass(frozen=True)
class Name:
    """One name, the rows that carry it, the sources that write it, and the file in which a row maps it."""

    family: str
    kind: str
    label: str
    rows: int
    sources: str
    crosswalk: str


def names(connection: duckdb.DuckDBPyConnection) -> list[Name]:
    """Every name whose rows are in no fact, the most rows first. A model goes by its label and is in the facts.

    Raises duckdb.CatalogException where the release is of a version without the table or its columns.
    """
    try:
        listed = connection.sql(
            "select family, kind, label, row_count, source_ids, crosswalk from core.unmapped_name "
            "where kind <> 'model' order by row_count desc, family, kind, label"
        ).fetchall()
    except duckdb.BinderException as error:
        raise duckdb.CatalogException(str(error)) from error
    return [Name(*row) for row in listed]


def total(found: Sequence[Name]) -> int:
    """Rows that carry the names; a row with two unknown names counts for each."""
    return sum(name.rows for name in found)
