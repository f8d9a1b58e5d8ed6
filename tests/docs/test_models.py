"""The model pages, made of a release: they hold every model, every worked number, every verdict."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from docs import make_models
from pipelines.documents.all_models import models
from tests.documents.models.golden import worked_numbers


def test_every_model_has_a_page_and_no_other_stands(built: Path) -> None:
    assert {page.stem for page in (built / "models").glob("*.md")} == set(models())


def test_a_page_has_formulas_operands_numbers_and_results(built: Path) -> None:
    page = (built / "models" / "M02.md").read_text(encoding="utf-8")
    assert "| `capital_usd_per_gpu_hour` | P (1 - residual share) / (8760 L)" in page
    assert re.search(r"\| m02_amortisation \| `purchase_price_usd` \| .*25,000 .*000:7", page)
    assert "| 0.951 | 0.951" in page  # 000:7, worked and ours


def test_every_worked_number_has_its_line(built: Path) -> None:
    text = (built / "models.md").read_text(encoding="utf-8").split("## Worked numbers")[1]
    assert text.count("](models/") == worked_numbers().height
    assert "not computed" not in text


def test_verdicts_and_contradictions_are_counted(built: Path, released_home: Path) -> None:
    text = (built / "models.md").read_text(encoding="utf-8")
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as connection:
        claims = connection.sql("select count(*) from marts.claim_check").fetchone()[0]
        missed = connection.sql(
            "select claim_id from marts.claim_check where kind = 'derived' and verdict <> 'reproduced'"
        ).fetchall()
        places = connection.sql("select count(*) from marts.inconsistency_check").fetchone()[0]
    assert (claims, places) == (740, 75)
    assert f"All {claims} printed figures" in text
    assert all(f"| {claim} |" in text for (claim,) in missed)
    assert f"{places} places (`marts.inconsistency_check`)" in text


@pytest.mark.parametrize(
    ("value", "read"),
    [(0.9511, "0.9511"), (26_280_000.0, "26,280,000"), (0.0, "0"), (1e-06, "0.000001"), (None, ""), (-23.71, "-23.71")],
)
def test_figures_are_written_for_reading(value: float | None, read: str) -> None:
    assert make_models.number(value) == read
