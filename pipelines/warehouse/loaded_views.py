"""`landing.loaded_<family>`: the rows of every file users loaded into a home, one view per family.

Beside the contract's columns: `shape` and `position` (the order in which a source's files came), and `item` and
`figure`, hashes of what tells its figures apart and of what they say. What follows from them is dbt's (loaded_as_of).
Not here: loading.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.home.places import Home
from pipelines.home.sql_text import parquet
from pipelines.landing import intake
from pipelines.warehouse.no_rows import no_rows
from sources.loaded import FAMILIES, contract_of, figure_columns
from sources.registry import SourceSpec, home_sources


def lay_out(connection: duckdb.DuckDBPyConnection, home: Home, empty: Path) -> None:
    """Make the views; a family without a loaded file has one of no rows. `empty` is a folder for such files."""
    specs = home_sources(home.sources).values()
    for family in FAMILIES:
        files = list(_files(family, [s for s in specs if s.family == family], home, empty))
        connection.execute(f"create view landing.loaded_{family} as {' union all by name '.join(files)}")


def _files(family: str, specs: Iterable[SourceSpec], home: Home, empty: Path) -> Iterable[str]:
    yield _select(family, no_rows(contract_of(family), empty / f"loaded_{family}.parquet", piled=True), "records", 0)
    for spec in specs:
        for position, folder in enumerate(intake.good_payloads(spec, home), start=1):
            yield _select(family, folder / "accepted.parquet", spec.shape, position)


def _select(family: str, path: Path, shape: str, position: int) -> str:
    return (
        f"select *, '{shape}' as shape, {position} as position, {_hash(contract_of(family).item)} as item, "
        f"{_hash([*figure_columns(family), 'valid_to'])} as figure from {parquet([path])}"
    )


def _hash(columns: Iterable[str]) -> str:
    texts = ", ".join(f"coalesce(lower(trim(cast({c} as varchar))), '')" for c in columns)
    return f"md5(concat_ws(chr(31), {texts}))"
