"""A lab's margin beside the margin of its tokens."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute

FEW = settings(max_examples=40, deadline=None)


def row(**values: float) -> pl.DataFrame:
    return pl.DataFrame({name: [float(value)] for name, value in values.items()})


@FEW
@given(token=st.floats(1, 99), company=st.floats(-50, 99))
def test_idleness_that_explains_a_margin_gives_it_back(token: float, company: float) -> None:
    frame = row(token_margin_pct=token, company_margin_pct=company)
    u = compute(frame, ["utilisation_explaining_margin"])["utilisation_explaining_margin"].item()
    cost_in_use = 1 - token / 100
    assert 100 * (1 - cost_in_use / u) == pytest.approx(company, abs=1e-6)
