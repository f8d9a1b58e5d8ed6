"""The worked numbers of every topic: rows of tests/golden/models/*.csv. Not here: what is computed."""

from __future__ import annotations

from pathlib import Path

import polars as pl

FOLDER = Path(__file__).parents[2] / "golden" / "models"
KEY = ("model_id", "case", "line", "scenario", "reading")


def worked_numbers() -> pl.DataFrame:
    """All of them, with the file each stands in; `expected_low` and `expected_high` where a range is worked out."""
    files = [
        pl.read_csv(path, infer_schema=False).with_columns(file=pl.lit(path.name))
        for path in sorted(FOLDER.glob("*.csv"))
    ]
    numbers = ("expected", "expected_low", "expected_high", "tolerance")
    return pl.concat(files, how="diagonal").with_columns(pl.col(numbers).cast(pl.Float64))
