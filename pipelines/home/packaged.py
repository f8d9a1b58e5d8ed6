"""Where the package's own files lie, in a checkout and in an installed wheel alike: code, dbt project, parsed project.

A wheel installs `dbt_project` next to `pipelines` and `sources`, as they lie next to each other in the repository.
Not here: anything else a refresh writes (places.py).
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from pipelines.home.places import Home

TREE = Path(__file__).parents[2]
DBT_PROJECT = TREE / "dbt_project"
SEEDS = DBT_PROJECT / "seeds"


def is_checkout() -> bool:
    """Whether the code is in a copy of the repository, not in an installed wheel."""
    return (TREE / "pyproject.toml").exists()


def parsed_dbt() -> Path:
    """The folder of the parsed dbt project: in a checkout inside it, made by `make setup`; from a wheel in the home.

    Site-packages may be read-only, and belongs to pip: nothing is ever written there.
    """
    return DBT_PROJECT / "target" / "parsed" if is_checkout() else Home.from_environment().build / "parsed"


def dbt_manifest() -> Path:
    """The parsed dbt project as dbt describes it in JSON."""
    return parsed_dbt() / "manifest.json"


@cache
def seed_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a seed of the dbt project, as written: for code that runs without a build."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
