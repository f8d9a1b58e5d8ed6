"""Identities of a mart: what must be equal, or ordered, in every row of every release, written as SQL over its columns.

    equal("the components add up to the total", "capital + facility", "total")

A row in which a side is null says nothing and passes. Not here: limits of single columns, keys and ranges (schema.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.mart_kit.schema import Rule

TOLERANCE = 1e-9
"""Relative: two sums of the same doubles in another order differ by less."""


def equal(name: str, left: str, right: str) -> Rule:
    """Both sides are the same number in every row, up to TOLERANCE."""
    one, other = pl.sql_expr(left), pl.sql_expr(right)
    size = pl.max_horizontal(one.abs(), other.abs(), pl.lit(1e-6))
    return Rule(name, (one - other).abs() > TOLERANCE * size, f"{left} = {right}")


def holds(name: str, condition: str) -> Rule:
    """The condition is true, or unknown, in every row."""
    return Rule(name, ~pl.sql_expr(condition), condition)


def parts(*columns: str) -> str:
    """Columns added up, a missing one as nothing."""
    return " + ".join(f"coalesce({column}, 0)" for column in columns)
