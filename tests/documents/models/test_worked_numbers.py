"""Every worked number of the models, against marts.model_result of a release made by the real command."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.documents.all_models import models
from tests.documents.models.golden import KEY, worked_numbers

WORKED = worked_numbers()


@pytest.fixture(scope="module")
def computed(released_home: Path) -> pl.DataFrame:
    return pl.read_parquet(released_home / "current" / "parquet" / "marts" / "model_result.parquet")


@pytest.mark.parametrize("model_id", WORKED["model_id"].unique().sort().to_list())
def test_worked_numbers_come_out(computed: pl.DataFrame, model_id: str) -> None:
    rows = WORKED.filter(pl.col("model_id") == model_id).join(computed, on=list(KEY), how="left")
    absent = rows.filter(pl.col("value").is_null()).select("file", *KEY)
    assert absent.is_empty(), absent.rows()[:5]
    off = rows.filter((pl.col("value") - pl.col("expected")).abs() > pl.col("tolerance"))
    assert off.is_empty(), off.select(*KEY, "expected", "value").rows()[:5]
    for end in ("low", "high"):
        off = rows.filter(
            pl.col(f"expected_{end}").is_not_null()
            & ~((pl.col(end) - pl.col(f"expected_{end}")).abs() <= pl.col("tolerance")).fill_null(False)
        )
        assert off.is_empty(), off.select(*KEY, f"expected_{end}", end).rows()[:5]


def test_every_worked_number_stands_once_and_says_where_it_is_from() -> None:
    twice = WORKED.filter(pl.struct(KEY).is_duplicated())
    assert twice.is_empty(), twice.select(KEY).rows()[:5]
    assert WORKED.filter(pl.col("citation").fill_null("").str.strip_chars() == "").is_empty()
    assert WORKED.filter(pl.col("tolerance").is_null() | (pl.col("tolerance") <= 0)).is_empty()


def test_every_model_has_a_worked_number() -> None:
    assert set(models()) == set(WORKED["model_id"])
