"""Schema `landing` of the build database by family: what every source of one shape landed, in one view for dbt to read.

`landing.<family>__<shape>` holds the rows of a family's observations, `landing.<family>_<contract>__<shape>` those of
another of its contracts; a source with `staging: own` stands in its own view alone. Beside them stand `captures` (every
day on which somebody looked at a group of items), `seen` (the same with the payload that was seen), `portion` (how many
accepted rows each payload, group and day holds) and `price_unit` (how a family's units are converted).
Not here: what users loaded (loaded_views.py), the file they stand in (build_database.py), what dbt makes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb
import polars as pl

from pipelines.home.places import Home
from pipelines.home.sql_text import parquet
from pipelines.landing import intake
from pipelines.warehouse.no_rows import no_rows
from sources.registry import SourceSpec, all_sources, every_source

NO_LOOKS = """
select '' as source_id, '' as payload_sha256, '' as capture_group, date '2000-01-01' as look_date where false
"""
PRICE_UNIT = {
    "family": pl.String,
    "contract": pl.String,
    "price_unit": pl.String,
    "commitment": pl.String,
    "to_unit": pl.String,
    "multiply_by": pl.Float64,
    "divide_by": pl.Float64,
}


@dataclass(frozen=True)
class View:
    """One view of schema landing and the sources whose rows it holds."""

    name: str
    specs: tuple[SourceSpec, ...]


def shared_views() -> list[View]:
    """The views over several sources, by name: one for each family, contract and shape that a shared source has."""
    found: dict[str, list[SourceSpec]] = {}
    for spec in all_sources().values():
        if spec.shape != "captures" and spec.staging == "shared":
            found.setdefault(view_name(spec), []).append(spec)
    return [View(name, tuple(found[name])) for name in sorted(found)]


def view_name(spec: SourceSpec) -> str:
    """The view of schema landing in which dbt finds the rows of a source."""
    if spec.staging == "own" or spec.shape == "captures":
        return spec.source_id
    kind = "" if spec.contract == "observation" else f"_{spec.contract}"
    return f"{spec.family}{kind}__{spec.shape}"


def lay_out(connection: duckdb.DuckDBPyConnection, home: Home, empty: Path) -> None:
    """Make the views and tables. `empty` is a folder for files of no rows, which give a view its columns."""
    packaged = all_sources()
    files = {source_id: intake.good_payloads(spec, home) for source_id, spec in packaged.items()}
    for spec in packaged.values():
        connection.execute(f"create view landing.{spec.source_id} as {_rows([spec], files, empty)}")
    for view in shared_views():
        connection.execute(f"create view landing.{view.name} as {_rows(view.specs, files, empty)}")
    _lay_out_seen(connection, home)
    _lay_out_captures(connection, packaged.values())
    _lay_out_portions(connection, home)
    connection.register("unit_frame", price_units().to_arrow())
    connection.execute("create table landing.price_unit as select * from unit_frame order by all")


def price_units() -> pl.DataFrame:
    """Every conversion a contract declares, one row per family, contract, unit and commitment."""
    rows: list[tuple[str | float | None, ...]] = []
    for spec in {contract_key(s): s for s in all_sources().values()}.values():
        for unit in spec.load_contract().price_units:
            of_whom = (spec.family, spec.contract, unit.name, unit.commitment)
            rows.append((*of_whom, unit.to, unit.multiply_by, unit.divide_by))
    return pl.DataFrame(rows, schema=PRICE_UNIT, orient="row")


def _rows(specs: Iterable[SourceSpec], files: dict[str, list[Path]], empty: Path) -> str:
    """SQL for the rows of sources under one contract, with the group whose looks show them, item and figure."""
    kinds = sorted(specs, key=_columns)
    parts = []
    for columns, alike in groupby(kinds, _columns):
        listed = list(alike)
        folders = [folder / "accepted.parquet" for spec in listed for folder in files[spec.source_id]]
        parts.append(f"select *{columns} from {parquet(folders or [_empty(listed[0], empty)])}")
    return " union all by name ".join(parts)


def _columns(spec: SourceSpec) -> str:
    """SQL for what staging needs beside the columns of a file: the group, the item, the figure."""
    contract = spec.load_contract()
    made = ""
    if spec.payloads != "append" and spec.shape != "captures":
        group = " || '/' || ".join(spec.capture_group) or "'all'"
        made += f", {group} as capture_group"
    for name, columns in (("item", contract.item), ("figure", contract.figure)):
        if columns and spec.shape == "snapshots":
            made += f", struct_pack({', '.join(f'{c} := {c}' for c in columns)}) as {name}"
    return made


def _lay_out_seen(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """`landing.seen`: one row per look at a group of items of a source whose payloads pile up.

    `row_date` is the look_date its rows bear, `capture_date` the day it was made (later, where the same payload came
    again), `position` its place in the order of arrival: of two looks on one day the later one counts.
    """
    listed, files = [], []
    for spec in every_source(home.sources).values():
        if spec.payloads == "append":
            looks = intake.good_looks(spec, home)
            listed += [(spec.source_id, look.payload, look.day, place) for place, look in enumerate(looks)]
            files += [folder / "looks.parquet" for folder in intake.good_payloads(spec, home)]
    schema = {"source_id": pl.String, "payload_sha256": pl.String, "day": pl.String, "position": pl.Int64}
    connection.register("look_frame", pl.DataFrame(listed, schema=schema, orient="row").to_arrow())
    groups = parquet(files) if files else f"({NO_LOOKS})"
    connection.execute(
        f"""
        create table landing.seen as
        select
            look.source_id, look.payload_sha256, shown.capture_group, shown.look_date as row_date,
            coalesce(cast(look.day as date), shown.look_date) as capture_date, look.position
        from look_frame as look
        join {groups} as shown using (source_id, payload_sha256)
        order by all
        """
    )


def _lay_out_captures(connection: duckdb.DuckDBPyConnection, specs: Iterable[SourceSpec]) -> None:
    """`landing.captures`: one row per source, group of items and look at it; of runs what their calendar says.

    Runs that state no group are looked at as a whole: every capture of their calendar is one of group `all`.
    """
    parts = list(_captures(specs))
    connection.execute(f"create table landing.captures as select * from ({' union all '.join(parts)}) order by all")


def _captures(specs: Iterable[SourceSpec]) -> Iterator[str]:
    live = []
    for spec in specs:
        if spec.calendar:
            group = "capture_group" if spec.capture_group else "'all'"
            yield (
                f"select '{spec.source_id}' as source_id, '{spec.family}' as family, {group} as capture_group, "
                f"capture_date from landing.{spec.calendar}"
            )
        elif spec.has_looks:
            live.append(f"('{spec.source_id}', '{spec.family}')")
    yield (
        "select distinct seen.source_id, live.family, seen.capture_group, seen.capture_date from landing.seen "
        f"join (values {', '.join(live)}) as live (source_id, family) using (source_id)"
    )


def _lay_out_portions(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """`landing.portion`: how many accepted rows of a source became known on which day, or which look shows them."""
    kinds: dict[tuple[str, str, bool], list[Path]] = {}
    for spec in every_source(home.sources).values():
        is_shown = spec.payloads == "append" and spec.connector != "loaded"
        folders = [folder / "accepted.parquet" for folder in intake.good_payloads(spec, home)]
        kinds.setdefault((spec.family, spec.contract, is_shown), []).extend(folders)
    known = {contract_key(spec): _known_from(spec) for spec in all_sources().values()}
    parts = []
    for (family, contract, is_shown), files in kinds.items():
        group, day = ("capture_group, look_date", "null") if is_shown else ("null, null", known[family, contract])
        if files:
            parts.append(
                f"select source_id, payload_sha256, {group}, {day}, count(*) from {parquet(files)} group by all"
            )
    schema = (
        "source_id varchar, payload_sha256 varchar, capture_group varchar, look_date date, known_from date, "
        "row_count bigint"
    )
    connection.execute(f"create table landing.portion ({schema})")
    if parts:
        connection.execute(f"insert into landing.portion select * from ({' union all '.join(parts)}) order by all")


def contract_key(spec: SourceSpec) -> tuple[str, str]:
    """A family's contract, as sources name it."""
    return spec.family, spec.contract


def _known_from(spec: SourceSpec) -> str:
    """The column that says since when a row is known; null where a contract has none: known from the start."""
    columns = spec.load_contract().dtypes
    return next((c for c in ("known_from", "capture_date") if c in columns), "null")


def _empty(spec: SourceSpec, folder: Path) -> Path:
    """A file of no rows in the shape of a source's accepted rows."""
    piled = spec.payloads == "append"
    name = f"{spec.family}_{spec.contract}{'_piled' if piled else ''}.parquet"
    return no_rows(spec.load_contract(), folder / name, piled)
