"""Thresholds of the packaged seed of rules, for code that runs before or without a build.

Not here: the same rules inside a build (core.rules), what they mean (their reason, in the seed).
"""

from __future__ import annotations

from pipelines.home.packaged import seed_rows


def rule(name: str) -> float:
    """A threshold of dbt_project/seeds/rules.csv. Raises KeyError where the seed has none of that name."""
    return {row["rule"]: float(row["value"]) for row in seed_rows("rules")}[name]
