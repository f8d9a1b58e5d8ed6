"""Capital structure by stage: the worked table, and what separates the readings."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.marts import capital_structure

WORKED = {
    "Series A": (47.5, 73.1, 100.0),
    "Series B": (25.9, 35.6, 46.2),
    "Series C/D": (11.5, 16.4, 21.9),
    "Pre-IPO": (7.6, 11.0, 14.8),
    "Public": (7.3, 10.1, 13.1),
}
RATIOS = {"Series B": (2.00, 4.17), "Series C/D": (1.25, 3.125), "Pre-IPO": (1.33, 3.33), "Public": (1.43, 3.75)}


@pytest.fixture
def table(core) -> pl.DataFrame:
    return capital_structure.build(core)


def of(table: pl.DataFrame, stage: str, reading: str = "as_published") -> dict:
    return table.filter((pl.col("stage") == stage) & (pl.col("reading") == reading)).row(0, named=True)


def test_the_table_keeps_its_schema(table, enumeration) -> None:
    assert capital_structure.SCHEMA.problems(table, enumeration).is_empty()
    assert table.height == 2 * len(WORKED)


@pytest.mark.parametrize("stage", WORKED)
def test_the_worked_cost_of_capital_comes_out(table, stage: str) -> None:
    row = of(table, stage)
    assert (row["wacc_pct_low"], row["wacc_pct"], row["wacc_pct_high"]) == pytest.approx(WORKED[stage], abs=0.05)


@pytest.mark.parametrize("stage", RATIOS)
def test_equity_over_debt(table, stage: str) -> None:
    row = of(table, stage)
    ends = (row["equity_to_debt_cost_ratio_low"], row["equity_to_debt_cost_ratio_high"])
    assert ends == pytest.approx(RATIOS[stage], abs=0.005)


def test_series_a_has_free_debt_as_published_and_venture_debt_as_practised(table) -> None:
    assert of(table, "Series A")["equity_to_debt_cost_ratio"] is None
    practised = of(table, "Series A", "professional")
    assert practised["wacc_pct_low"] == pytest.approx(48.1)
    assert practised["wacc_pct"] == pytest.approx(0.975 * 75 + 0.025 * 13.5)


def test_without_taxable_income_interest_saves_nothing(table) -> None:
    row = of(table, "Series B", "professional")
    assert row["after_tax_cost_of_debt_pct"] == row["cost_of_debt_pct"]
    assert of(table, "Public", "professional")["wacc_pct"] == pytest.approx(of(table, "Public")["wacc_pct"])


def test_no_assumptions_no_rows(core) -> None:
    core["assumption"] = core["assumption"].clear()
    assert capital_structure.build(core).is_empty()
