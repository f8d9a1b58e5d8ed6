"""Core tables of the newest as-of day alone: what the professional reading of a model is computed on.

Not here: which tables a model reads (its `inputs`).
"""

from __future__ import annotations

import polars as pl

from pipelines.mart_kit.assumed import Core

DAY = "as_of_date"


def newest_day(core: Core) -> dict[str, pl.DataFrame]:
    """The tables with every dated one cut to its own last day, the calendar included; the others as they are."""
    return {
        name: table.filter(pl.col(DAY) == pl.col(DAY).max()) if DAY in table.columns else table
        for name, table in core.items()
    }
