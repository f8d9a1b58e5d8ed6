"""The documents' worked numbers, replayed formula by formula from tests/golden/formulas.csv."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from pipelines.economics.compute import compute

GOLDEN = Path(__file__).parents[1] / "golden" / "formulas.csv"


def cases() -> list[dict[str, str]]:
    with GOLDEN.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['model']} {case['case']}")
def test_worked_number(case: dict[str, str]) -> None:
    operands = dict(pair.split("=") for pair in case["operands"].split(";"))
    row = pl.DataFrame({name: [float(value)] for name, value in operands.items()})
    made = compute(row, [case["figure"]], case["reading"])[case["figure"]].item()
    assert made == pytest.approx(float(case["expected"]), abs=float(case["tolerance"])), case["citation"]


def test_ten_thousand_h100_save_seven_million_a_year(evaluate) -> None:
    from pipelines.economics.gpu_hour.power import electricity_usd_per_gpu_year

    saved = evaluate(electricity_usd_per_gpu_year, electricity_usd_per_gpu_hour=0.098, utilisation=0.85)
    assert saved * 10_000 == pytest.approx(7.3e6, rel=0.003)  # 000:43


def test_every_golden_row_cites_its_line() -> None:
    assert all(case["citation"].strip() for case in cases())
