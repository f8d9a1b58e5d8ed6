"""Publishing: core and marts copied into one immutable folder, audited, and shown to readers by one rename.

Readers see the old release or the new one, never a mixture and never a lock. Whatever fails before the rename
(a check, a full disk, a kill) leaves the published release as it was. Not here: which checks there are
(pipelines/release/audit.py), listing or rolling back releases (pipelines/release/history.py).
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb

from pipelines.home import ops
from pipelines.home.build import Build
from pipelines.home.manifest import Manifest, current_manifest
from pipelines.home.places import Home
from pipelines.home.progress import begin, report
from pipelines.home.sql_text import quoted
from pipelines.landing import intake
from pipelines.release import audit, frozen
from pipelines.release.table import Table, kind_line
from sources.registry import every_source

# Files of this storage version open in every DuckDB since 1.0 and in most BI drivers (docs/platform.md).
STORAGE_VERSION = "v1.0.0"
FULL_BELOW_MB = 4


class PublishError(Exception):
    """Nothing was published; the text says why and what to do. The published release is untouched."""


def publish(build: Build, as_of: dt.date, tables: list[Table]) -> Manifest:
    """Write, audit and publish one release holding `tables`. Returns its manifest.

    Raises PublishError where a blocking check fails or the disk is full; nothing is then left behind.
    """
    home = build.home
    created = dt.datetime.now(dt.UTC).replace(microsecond=0)
    release_id = f"{created:%Y%m%dT%H%M%SZ}-{build.fingerprint[:8]}"
    draft = home.releases / f".draft-{release_id}"
    begin("release", "writing and auditing its tables")
    _sweep(home)
    try:
        draft.mkdir(parents=True)
        written = _write_tables(build, draft, tables)
        checks = audit.run(draft / "rackhour.duckdb", tables, home, may_be_empty=build.as_of is not None)
        failed = [c for c in checks if c.blocking and not c.passed]
        if failed:
            listed = "; ".join(f"{c.name}: {c.message}" for c in failed)
            raise PublishError(f"the audit stopped the release ({listed}). The published release stays as it was.")
        manifest: Manifest = {
            "release_id": release_id,
            "created_at": created.isoformat(),
            "as_of": as_of.isoformat(),
            "mode": build.mode,
            "fingerprint": build.fingerprint,
            "code_version": metadata.version("rackhour"),
            "previous": (current_manifest(home) or {}).get("release_id"),
            "inputs": _inputs(home),
            "tables": written,
            "checks": [asdict(check) for check in checks],
            "attributions": sorted({s.attribution for s in every_source(home.sources).values() if s.attribution}),
        }
        _record_unmapped(draft / "rackhour.duckdb", build)
        _embed_ops(draft / "rackhour.duckdb", build, manifest)
        (draft / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        (draft / "ATTRIBUTION.txt").write_text("\n".join(manifest["attributions"]) + "\n", encoding="utf-8")
        _sync(draft)
        frozen.freeze(draft)
        draft.rename(home.releases / release_id)
        switch(home, release_id)
    except (OSError, duckdb.Error) as error:
        raise PublishError(_explain(home, error)) from error
    finally:
        _discard(draft)
    report("release", f"published {release_id} ({sum(t['rows'] for t in written.values()):,} rows)")
    return manifest


def switch(home: Home, release_id: str) -> None:
    """Point `current` at a release: one rename, so that a reader sees one or the other."""
    link = home.root / f".current-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / release_id, target_is_directory=True)
    link.replace(home.current)


def _write_tables(build: Build, draft: Path, tables: list[Table]) -> dict[str, dict[str, Any]]:
    written: dict[str, dict[str, Any]] = {}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set threads = 1")  # one writer thread: the same rows give the same bytes
        connection.execute(
            f"attach {quoted(draft / 'rackhour.duckdb')} as rackhour (storage_version '{STORAGE_VERSION}')"
        )
        connection.execute(f"attach {quoted(build.home.build_db)} as build (read_only)")
        for table in tables:
            name = f"{table.schema}.{table.name}"
            connection.execute(f"create schema if not exists rackhour.{table.schema}")
            connection.execute(f"create table rackhour.{name} as select * from ({table.query}) order by all")
            _describe(connection, table)
            path = draft / "parquet" / table.schema / f"{table.name}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(f"copy rackhour.{name} to {quoted(path)} (format parquet, compression zstd)")
            rows = connection.sql(f"select count(*) from rackhour.{name}").fetchone()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            written[name] = {"kind": table.kind, "rows": rows[0] if rows else 0, "parquet_sha256": digest}
        connection.execute("detach build")
        connection.execute("checkpoint rackhour")
        connection.execute("detach rackhour")
    return written


def _describe(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    name = f"rackhour.{table.schema}.{table.name}"
    connection.execute(f"comment on table {name} is {quoted(table.comment)}")
    for column in connection.sql(f"select * from {name} limit 0").columns:
        if text := table.column_descriptions.get(column):
            connection.execute(f'comment on column {name}."{column}" is {quoted(text)}')


def _record_unmapped(path: Path, build: Build) -> None:
    """Rows that no crosswalk names, by source, into the log: the health of a source says what of it reaches no fact."""
    with duckdb.connect(str(path), read_only=True) as connection:
        counted = connection.sql("select source_id, unmapped_rows from core.source_account order by all").fetchall()
    ops.record_unmapped(build.home, build.run_id, dict(counted))


def _embed_ops(path: Path, build: Build, manifest: Manifest) -> None:
    """The log as it stands, this release's own line, its checks: clock values, so in schema ops alone."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema ops")
        for table in ops.TABLES:
            connection.execute(f"create table ops.{table} as select * from {ops.relation(build.home, table)}")
            _comment_on_ops(connection, table, ops.DESCRIPTIONS[table])
        connection.execute(
            "create table ops.releases as select ?::varchar as release_id, ?::timestamp as created_at, "
            "?::date as as_of, ?::varchar as mode, ?::varchar as code_version, ?::varchar as previous_release_id",
            [
                manifest["release_id"],
                manifest["created_at"][:19],
                manifest["as_of"],
                manifest["mode"],
                manifest["code_version"],
                manifest["previous"],
            ],
        )
        _comment_on_ops(connection, "releases", "One row per release_id. This release and the one before it.")
        connection.execute("create table ops.checks (name varchar, blocking boolean, passed boolean, message varchar)")
        rows = [[c["name"], c["blocking"], c["passed"], c["message"]] for c in manifest["checks"]]
        connection.executemany("insert into ops.checks values (?, ?, ?, ?)", rows)
        _comment_on_ops(connection, "checks", "One row per check of this release's audit.")
        connection.execute("checkpoint")


def _comment_on_ops(connection: duckdb.DuckDBPyConnection, table: str, description: str) -> None:
    text = description + "\n" + kind_line("audit")
    connection.execute(f"comment on table ops.{table} is {quoted(text)}")


def _inputs(home: Home) -> dict[str, object]:
    inputs: dict[str, object] = {}
    for spec in every_source(home.sources).values():
        state = intake.state(spec, home)
        inputs[spec.source_id] = {
            "family": spec.family,
            "payloads": [folder.name for folder in intake.good_payloads(spec, home)],
            "received": state.received,
            "accepted": state.accepted,
            "rejected": state.rejected,
        }
    return inputs


def _sweep(home: Home) -> None:
    """Drafts that a killed process left behind. The lock is held, so nobody is writing them."""
    for leftover in home.releases.glob(".draft-*"):
        _discard(leftover)


def _discard(draft: Path) -> None:
    """Delete a draft; one that cannot be deleted stops nothing and is tried again by the next run."""
    with suppress(OSError):
        frozen.remove(draft)


def _sync(folder: Path) -> None:
    """Bytes on the disk before the name that promises them."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _explain(home: Home, error: Exception) -> str:
    free = shutil.disk_usage(home.releases).free / 1024**2
    spoken = getattr(error, "errno", None) == errno.ENOSPC or "no space left" in str(error).lower()
    full = spoken or free < FULL_BELOW_MB  # DuckDB does not always say why a write failed
    reason = f"the disk is full ({free:.0f} MB free)" if full else f"writing failed ({error})"
    remedy = (
        "Free space, or `rackhour releases prune --keep 3`, and refresh again."
        if full
        else "Correct that and refresh again."
    )
    return f"{reason}; nothing was published and the last release is untouched. {remedy}"
