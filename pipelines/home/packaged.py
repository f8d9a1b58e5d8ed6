"""Where the package's own files lie: the dbt project, and the tree the code is in.

Not here: anything a refresh writes (places.py).
"""

from __future__ import annotations

from pathlib import Path

TREE = Path(__file__).parents[2]
DBT_PROJECT = TREE / "dbt_project"
SEEDS = DBT_PROJECT / "seeds"
