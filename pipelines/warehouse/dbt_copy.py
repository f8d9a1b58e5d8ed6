"""A copy of the build database for dbt's own commands: `dbt build`, `dbt docs generate`, `dbt ls` in dbt_project.

`make dbt-copy` runs this. dbt may change the copy; the home keeps its own. Not here: dbt in a refresh (transform.py).
"""

from __future__ import annotations

import shutil
import sys

from pipelines.home import lock
from pipelines.home.manifest import current_manifest
from pipelines.home.packaged import DBT_PROJECT
from pipelines.home.places import Home

COPY = DBT_PROJECT / "target" / "rackhour.duckdb"  # where profiles.yml looks, unless RACKHOUR_BUILD_DB says otherwise


class NoBuild(Exception):
    """There is no build database to copy."""


def copy(home: Home) -> None:
    """Copy the home's build database to where profiles.yml looks for it.

    Its views of landing name the home's files, so they work from the copy. Raises NoBuild before the first refresh,
    AlreadyRunning while one runs.
    """
    if not home.build_db.exists():
        raise NoBuild(f"{home.build_db} is not there: run `rackhour refresh` first, or set RACKHOUR_HOME.")
    with lock.held(home):
        COPY.parent.mkdir(parents=True, exist_ok=True)
        draft = COPY.with_suffix(".tmp")
        shutil.copyfile(home.build_db, draft)
        draft.replace(COPY)


def main() -> int:
    """Copy, and print what to type next."""
    home = Home.from_environment()
    try:
        copy(home)
    except (NoBuild, lock.AlreadyRunning) as error:
        print(f"rackhour: {error}", file=sys.stderr)
        return 1
    manifest = current_manifest(home)
    as_of = f" --vars '{{as_of: {manifest['as_of']}}}'" if manifest else ""
    print(f"copied to {COPY}")
    print(f"next: cd dbt_project && ../.venv/bin/dbt build{as_of}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
