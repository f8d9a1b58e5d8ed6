"""Core tables under tracing: beside each number stands the reference to its cell.

Not here: what a cell rests on (pipelines/explain/facts.py), reading the tables.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.trace import HOW, Trace

ENDS = ("_low", "_high")


def traced(core: Mapping[str, pl.DataFrame], trace: Trace) -> dict[str, pl.DataFrame]:
    """The tables, each value column with its `__how__` column, and the trace told which tables they are."""
    trace.core.update(core)
    return {name: _traced(name, table) for name, table in core.items()}


def _traced(name: str, table: pl.DataFrame) -> pl.DataFrame:
    values = [c for c, dtype in table.schema.items() if _is_value(c, dtype, table.columns)]
    row = pl.int_range(pl.len()).cast(pl.String)
    made = [
        pl.concat_str(pl.lit(f'["{name}", '), row, pl.lit(f', "{column}"]')).alias(HOW + column) for column in values
    ]
    return table.with_columns(made)


def _is_value(column: str, dtype: pl.DataType, columns: list[str]) -> bool:
    """Numbers with a meaning of their own. The ends of a range follow their base."""
    follows = column.endswith(ENDS) and column.rsplit("_", 1)[0] in columns
    return dtype.is_numeric() and not follows and not column.endswith(("_count", "_days"))
