"""What the tests of scenarios share: the synthetic core of the marts' tests, with every set of operands."""

from __future__ import annotations

import polars as pl
import pytest

from tests.conftest import ROOT
from tests.marts.conftest import core, read_assumptions

__all__ = ["core", "every_assumption", "read_assumptions"]


@pytest.fixture
def every_assumption() -> pl.DataFrame:
    """core.assumption of all curated files, as dbt makes it."""
    files = sorted((ROOT / "sources" / "assumptions" / "curated").glob("*.csv"))
    rows = pl.concat([pl.read_csv(path, infer_schema=False) for path in files])
    return rows.with_columns(
        pl.col("value", "value_low", "value_high").cast(pl.Float64),
        pl.col("subject").fill_null(""),
        pl.col("valid_from").str.to_date(),
    )
