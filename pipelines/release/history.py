"""Published releases as a person handles them: list, show, compare, roll back, prune. Not here: making one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from pipelines.home import lock
from pipelines.home.manifest import Manifest, ReleaseError, current_manifest, released
from pipelines.home.places import Home
from pipelines.home.sql_text import quoted
from pipelines.release import frozen


def find(home: Home, release_id: str) -> Manifest:
    """The release of that id, or of that unambiguous beginning. Raises ReleaseError listing those there are."""
    if release_id == "current":
        current = current_manifest(home)
        if current is None:
            raise ReleaseError("nothing is published yet: run `rackhour refresh`.")
        return current
    matches = [m for m in released(home) if m["release_id"].startswith(release_id)]
    if len(matches) != 1:
        known = ", ".join(m["release_id"] for m in released(home)) or "none"
        problem = "names no release" if not matches else "names more than one release"
        raise ReleaseError(f"{release_id!r} {problem}; there are: {known}.")
    return matches[0]


def folder(home: Home, release_id: str) -> Path:
    """Where a release lies."""
    return home.releases / str(find(home, release_id)["release_id"])


def diff(home: Home, old: str, new: str) -> list[dict[str, Any]]:
    """Tables that differ between two releases: rows before and after, rows only in the one or the other."""
    before, after = find(home, old), find(home, new)
    changed = []
    with duckdb.connect() as connection:
        for name in sorted({*before["tables"], *after["tables"]}):
            left, right = before["tables"].get(name), after["tables"].get(name)
            if left == right:
                continue
            row = {"table": name, "rows_before": left and left["rows"], "rows_after": right and right["rows"]}
            if left and right:
                row |= _rows_between(connection, home, before, after, name)
            changed.append(row)
    return changed


def rollback(home: Home, release_id: str) -> Manifest:
    """Make an earlier release the published one again. Raises ReleaseError where it is not there or not whole."""
    from pipelines.release.publish import switch

    manifest = find(home, release_id)
    with lock.held(home):
        switch(home, str(manifest["release_id"]))
    return manifest


def prune(home: Home, keep: int) -> list[str]:
    """Remove all but the newest `keep` releases; the published one always stays. Returns the removed ids.

    Raises ReleaseError where a folder cannot be deleted.
    """
    if keep < 1:
        raise ReleaseError("--keep must be at least 1: the published release always stays.")
    with lock.held(home):
        current = (current_manifest(home) or {}).get("release_id")
        old = [str(m["release_id"]) for m in released(home)[:-keep] if m["release_id"] != current]
        for release_id in old:
            try:
                frozen.remove(home.releases / release_id)
            except OSError as error:
                raise ReleaseError(f"{error.filename} cannot be deleted: {error.strerror}.") from error
    return old


def _rows_between(
    connection: duckdb.DuckDBPyConnection, home: Home, before: Manifest, after: Manifest, name: str
) -> dict[str, Any]:
    schema, table = name.split(".")
    files = [quoted(home.releases / m["release_id"] / "parquet" / schema / f"{table}.parquet") for m in (before, after)]
    try:
        counts = connection.sql(
            f"""
            with old as (from {files[0]}), new as (from {files[1]})
            select
                (select count(*) from (from old except all from new)),
                (select count(*) from (from new except all from old))
            """
        ).fetchone()
    except duckdb.BinderException:
        return {"note": "columns differ"}
    return {"only_before": counts[0], "only_after": counts[1]} if counts else {}
