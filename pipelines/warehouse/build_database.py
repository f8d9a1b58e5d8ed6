"""The build database: landing views for dbt to read, and core tables for the marts to read.

One process holds this file while it builds; users never open it (they read a release).
Not here: models (dbt_project), mart arithmetic (pipelines/marts), publishing (pipelines/release/publish.py).
"""

from __future__ import annotations

import datetime as dt

import duckdb
import polars as pl

from pipelines.home.build import Build
from pipelines.home.manifest import current_manifest
from pipelines.home.places import Home
from pipelines.home.sql_text import parquet
from pipelines.landing import intake
from pipelines.warehouse import corrections, family_views, loaded_views
from sources import clock
from sources.registry import every_source, home_sources

CATALOG_SCHEMA = {
    "source_id": pl.String,
    "family": pl.String,
    "title": pl.String,
    "publisher": pl.String,
    "homepage": pl.String,
    "licence": pl.String,
    "attribution": pl.String,
    "cadence_days": pl.Int64,
    "grade": pl.String,
    "unit": pl.String,
    "known_basis": pl.String,
    "notes": pl.String,
    "contract": pl.String,
    "shape": pl.String,
    "staging": pl.String,
    "counts_looks": pl.Boolean,
}


def prepare(build: Build) -> dt.date:
    """Lay out a fresh build database and return the build's as-of day (see resolve_as_of).

    Its schema `landing` shows each source's accepted rows, one view per source, one per family and shape
    (pipelines/warehouse/family_views.py) and one per family of what users loaded
    (pipelines/warehouse/loaded_views.py). Beside them stand `source_catalog` (source.yml, as a table),
    `rejected` (every rejected row, with the first day its payload was seen where payloads pile up),
    `correction` and `correction_match` (pipelines/warehouse/corrections.py).
    """
    home = build.home
    home.build_db.unlink(missing_ok=True)
    home.build_db.with_suffix(".duckdb.wal").unlink(missing_ok=True)
    empty = home.build / "empty"
    empty.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home.build_db)) as connection:
        connection.execute("create schema landing")
        specs = every_source(home.sources)
        rejected = [
            folder / "rejected.parquet" for spec in specs.values() for folder in intake.good_payloads(spec, home)
        ]
        family_views.lay_out(connection, home, empty)
        for spec in home_sources(home.sources).values():
            files = [folder / "accepted.parquet" for folder in intake.good_payloads(spec, home)]
            connection.execute(f"create view landing.{spec.source_id} as select * from {parquet(files)}")
        connection.execute(
            f"""
            create view landing.rejected as
            select rejected.*, look.first_seen_on
            from {parquet(rejected)} as rejected
            left join (
                select source_id, payload_sha256, min(capture_date) as first_seen_on from landing.seen group by all
            ) as look using (source_id, payload_sha256)
            """
        )
        loaded_views.lay_out(connection, home, empty)
        connection.register("catalog_frame", _catalog(home).to_arrow())
        connection.execute("create table landing.source_catalog as select * from catalog_frame order by source_id")
        corrections.lay_out(connection, home)
    return resolve_as_of(build)


def resolve_as_of(build: Build) -> dt.date:
    """The day whose knowledge this build uses.

    Asked for: that day. Else live: today in UTC; offline: the latest day on which an embedded observation, or one
    loaded from a user's file, became known, so that a result does not depend on the day it is run. Unasked it never
    moves behind the published release. Raises ValueError for a day that has not come.
    """
    today = clock.today()
    if build.as_of:
        if build.as_of > today:
            raise ValueError(f"--as-of {build.as_of} lies in the future; the latest possible day is {today}.")
        return build.as_of
    if build.mode == "live":
        return today
    fixed = [spec for spec in every_source(build.home.sources).values() if spec.offline or spec.connector == "loaded"]
    newest = [intake.state(spec, build.home).newest_known_from for spec in fixed]
    dated = [dt.date.fromisoformat(day) for day in newest if day]
    published = current_manifest(build.home)
    if published:
        dated.append(dt.date.fromisoformat(published["as_of"]))
    if not dated:
        raise intake.NothingLanded("no source has landed a dated observation, so there is no day to build as of.")
    return max(dated)


def _catalog(home: Home) -> pl.DataFrame:
    rows = [spec.model_dump(include=set(CATALOG_SCHEMA)) for spec in every_source(home.sources).values()]
    return pl.DataFrame(rows, schema=CATALOG_SCHEMA)
