"""What the tests of formulas share."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from pipelines.economics.formula import Formula


@pytest.fixture(scope="session")
def evaluate() -> Callable[..., float | None]:
    """One formula on plain numbers: for tests that state arithmetic, not frames."""

    def on_numbers(formula: Formula, **operands: float | None) -> float | None:
        schema = dict.fromkeys(operands, pl.Float64)
        row = pl.DataFrame({name: [value] for name, value in operands.items()}, schema=schema)
        return row.select(formula(**{name: pl.col(name) for name in operands})).item()

    return on_numbers
