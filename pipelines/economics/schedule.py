"""Years as rows: a formula over expressions cannot loop over years, so a row is laid out once per year of its tenor.

Not here: what is computed in a year (project_debt.py), how years are put together again: `group_by` with the
helpers of pipelines/mart_kit/carry.py, which keep what stands behind each figure.
"""

from __future__ import annotations

from typing import TypeVar

import polars as pl

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


def years(frame: Frame, tenor: str, year: str = "loan_year") -> Frame:
    """Every row once per whole year 1 to `tenor`, the year in a column of its own; a tenor below one gives no row."""
    whole = pl.col(tenor).cast(pl.Int64)
    laid = frame.with_columns(pl.int_ranges(1, whole + 1).alias(year)).explode(year)
    return laid.filter(pl.col(year).is_not_null()).with_columns(pl.col(year).cast(pl.Float64))
