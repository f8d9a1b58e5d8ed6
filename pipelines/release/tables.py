"""What a release holds: every core and quarantine table dbt built, every mart a module declares, with descriptions.

Nothing is listed by hand: a new model or mart is published because it is there.
Not here: how tables are made or written.
"""

from __future__ import annotations

import json

import duckdb

from pipelines.home.build import Build
from pipelines.home.packaged import dbt_manifest
from pipelines.home.sql_text import quoted
from pipelines.mart_kit.all_marts import marts
from pipelines.mart_kit.schema import Kind
from pipelines.release.table import Table

PUBLISHED_SCHEMAS = ("core", "quarantine")


def tables(build: Build) -> list[Table]:
    """Every table of the release, in a fixed order, with the SQL that reads it from the build database or a file."""
    described = _dbt_descriptions()
    listed = []
    with duckdb.connect(str(build.home.build_db), read_only=True) as connection:
        rows = connection.sql("select schema_name, table_name from duckdb_tables() order by all").fetchall()
    for schema, name in rows:
        if schema in PUBLISHED_SCHEMAS:
            kind, text, columns_text = described[schema, name]
            listed.append(Table(schema, name, kind, f"select * from build.{schema}.{name}", text, columns_text))
    for name, module in marts().items():
        path = quoted(build.home.marts / f"{name}.parquet")
        listed.append(
            Table(
                "marts",
                name,
                module.SCHEMA.kind,
                f"select * from read_parquet({path})",
                module.SCHEMA.description,
                {c.name: c.description + (f" Unit: {c.unit}." if c.unit else "") for c in module.SCHEMA.columns},
            )
        )
    return listed


def _dbt_descriptions() -> dict[tuple[str, str], tuple[Kind, str, dict[str, str]]]:
    """Kind (meta in dbt_project.yml), description and columns of every dbt model and seed, by schema and name."""
    nodes = json.loads(dbt_manifest().read_text(encoding="utf-8"))["nodes"].values()
    return {
        (node["schema"], node["name"]): (
            node["config"]["meta"].get("kind", "audit"),
            node["description"],
            {name: column["description"] for name, column in node["columns"].items()},
        )
        for node in nodes
        if node["resource_type"] in ("model", "seed")
    }
