"""A price index over a table of one's own, by the code that makes the price marts.

Not here: index numbers (pipelines/economics/index_numbers), reading the table (pipelines/panels/own_table).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from rackhour.errors import spoken


@dataclass(frozen=True)
class PriceIndex:
    """The levels, one row per period; `notes` say what the reader should know of them; `method` says how they came."""

    rows: pl.DataFrame
    notes: tuple[str, ...]
    method: str


def index(
    table: pl.DataFrame | Path | str,
    method: str,
    *,
    base: str | None = None,
    output: str | None = None,
    window: int | None = None,
    splice: str | None = None,
    splice_on: str | None = None,
    expanding: bool = False,
    weights: str | None = None,
    base_period: str | None = None,
    missing: str | None = None,
    period_col: str = "period",
    item_col: str = "item",
    price_col: str = "price",
    quantity_col: str | None = None,
    features: Sequence[str] = (),
    detail: bool = False,
) -> PriceIndex:
    """A price index of a polars frame, or of a CSV or Parquet file: a row per item and period.

    Parameters are those of `rackhour index` (its help describes each): `--quantity-col` in the text of an error is
    `quantity_col` here. Raises RackhourError where the table or the options cannot be used, naming row and column.
    """
    with spoken():
        from pipelines.panels.own_table.answer import answer
        from pipelines.panels.own_table.options import Options
        from pipelines.panels.own_table.table import Columns

        wanted = tuple(features)
        found = answer(
            table if isinstance(table, pl.DataFrame) else str(table),
            Columns(period_col, item_col, price_col, quantity_col),
            Options(method, base, output, window, splice, splice_on, weights, wanted, missing, base_period, expanding),
            detail=detail,
        )
    return PriceIndex(found.rows, found.notes, found.told)
