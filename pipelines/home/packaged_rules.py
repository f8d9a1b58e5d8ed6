"""Thresholds of the packaged seed of rules, for code that runs before or without a build.

Not here: the same rules inside a build (core.rules), what they mean (their reason, in the seed).
"""

from __future__ import annotations

import csv
from functools import cache

from pipelines.home.packaged import SEEDS


@cache
def rule(name: str) -> float:
    """A threshold of dbt_project/seeds/rules.csv. Raises KeyError where the seed has none of that name."""
    with (SEEDS / "rules.csv").open(encoding="utf-8", newline="") as file:
        return {row["rule"]: float(row["value"]) for row in csv.DictReader(file)}[name]
