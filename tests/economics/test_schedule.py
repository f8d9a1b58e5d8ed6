"""Years as rows."""

from __future__ import annotations

import polars as pl

from pipelines.economics.schedule import years


def test_years_are_laid_out_one_row_each() -> None:
    made = years(pl.DataFrame({"case": ["a", "b", "c"], "tenor_years": [2.0, 1.0, 0.0]}), "tenor_years")
    assert made.select("case", "loan_year").rows() == [("a", 1.0), ("a", 2.0), ("b", 1.0)]
