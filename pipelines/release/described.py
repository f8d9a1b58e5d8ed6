"""What a release holds, as its own comments say it: tables with kind and rows, columns with type, unit and meaning.

Not here: writing the comments (publish.py), the tables themselves.
"""

from __future__ import annotations

import difflib
import re

import duckdb

from pipelines.release.query import QueryError
from pipelines.release.table import MEANINGS, without_kind

TABLE_NAMES = ("table", "kind", "rows", "description")
LONGEST_LINE = 160
COLUMN_NAMES = ("column", "type", "unit", "description")
_UNIT = re.compile(r"\s*\bUnit: (?P<unit>.+?)\.?\s*$")
# Core's comments end with the unit as a sentence of its own.
_LAST_SENTENCE = re.compile(
    r"(?:^|(?<=\.)\s+)(?P<unit>(?:Thousand USD|USD|EUR|kWh?|MWh?|W|GB(?:/s)?|Gigabytes?|FLOP/s|1/s|Counts?|Days|Years|"
    r"Ratio|Percent|Dimensionless|Billions|In \w+)\b[^.;,]*)\.\s*$"
)
_NUMBER = re.compile(r"^(DOUBLE|FLOAT|DECIMAL|(U?(TINY|SMALL|BIG|HUGE))?U?INT)")


def tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int, str]]:
    """Every table of the release: name, kind (empty where its comment names none), rows, first line of its comment."""
    found = connection.sql(
        "select schema_name, table_name, coalesce(comment, '') from duckdb_tables() "
        "where database_name = 'rackhour' order by all"
    ).fetchall()
    counts = _counts(connection, [(schema, name) for schema, name, _ in found])
    rows = []
    for schema, name, comment in found:
        kind, text = without_kind(comment)
        rows.append((f"{schema}.{name}", kind, counts[schema, name], _first_line(text)))
    order = {kind: place for place, kind in enumerate((*MEANINGS, ""))}
    return sorted(rows, key=lambda row: (order[row[1]], not row[0].startswith("marts."), row[0]))


def columns(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[str, str, list[tuple[str, str, str, str]]]:
    """A table's full name, its whole comment, and its columns: name, type, unit and description.

    Raises QueryError with the nearest names where the release has no such table.
    """
    schema, name = _found(connection, table)
    comment = connection.sql(
        "select coalesce(comment, '') from duckdb_tables() where database_name = 'rackhour' "
        "and schema_name = $schema and table_name = $name",
        params={"schema": schema, "name": name},
    ).fetchall()[0][0]
    found = connection.sql(
        "select column_name, data_type, coalesce(comment, '') from duckdb_columns() where database_name = 'rackhour' "
        "and schema_name = $schema and table_name = $name order by column_index",
        params={"schema": schema, "name": name},
    ).fetchall()
    rows = [(column, kind, *_without_unit(text, kind)) for column, kind, text in found]
    return f"{schema}.{name}", comment.strip(), rows


def _found(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[str, str]:
    names = connection.sql(
        "select schema_name, table_name from duckdb_tables() where database_name = 'rackhour' order by all"
    ).fetchall()
    schema, _, name = table.strip().lower().rpartition(".")
    schema = schema.removeprefix("rackhour.")
    matching = [one for one in names if one[1] == name and schema in ("", one[0])]
    if matching:
        # A bare name means what it means in `rackhour sql`: marts before core before quarantine.
        order = {"marts": 0, "core": 1, "quarantine": 2}
        return min(matching, key=lambda one: order.get(one[0], 3))
    listed = [".".join(one) for one in names]
    near = [one for one in listed if name and name in one] or difflib.get_close_matches(table, listed, n=3, cutoff=0.4)
    told = f"Did you mean {' or '.join(near[:5])}?" if near else "`rackhour tables` lists all of them."
    raise QueryError(f"this release has no table {table!r}. {told}")


def _counts(connection: duckdb.DuckDBPyConnection, names: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    if not names:
        return {}
    counted = " union all ".join(
        f"select '{schema}', '{name}', count(*) from rackhour.\"{schema}\".\"{name}\"" for schema, name in names
    )
    return {(schema, name): int(rows) for schema, name, rows in connection.sql(counted).fetchall()}


def _first_line(text: str) -> str:
    """The first line of a comment; of a line longer than a person reads in a list, the sentences that fit."""
    line = text.strip().partition("\n")[0]
    if len(line) <= LONGEST_LINE:
        return line
    end = line.rfind(". ", 0, LONGEST_LINE)
    return line[: end + 1] if end > 0 else line[: LONGEST_LINE - 1] + "…"


def _without_unit(text: str, kind: str) -> tuple[str, str]:
    found = _UNIT.search(text) or (_LAST_SENTENCE.search(text) if _NUMBER.match(kind) else None)
    return (found.group("unit"), text[: found.start()].strip()) if found else ("", text.strip())
