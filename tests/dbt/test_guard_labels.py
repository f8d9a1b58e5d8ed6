"""The study of the guard's verdicts: its page says what the committed verdicts say."""

from __future__ import annotations

import polars as pl
import pytest

from bench.guard_scores import LABELS, report, wilson
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def labels() -> pl.DataFrame:
    return pl.read_csv(LABELS)


def test_four_hundred_cases_each_with_a_verdict_and_its_reason(labels):
    sides = dict(labels.group_by("side").len().rows())
    assert sides == {"rejection, any": 100, "rejection, by rule": 100, "near-miss": 200}
    assert set(labels["label"]) == {"error", "unusable", "sound", "unclear"}
    assert labels["reason"].str.len_chars().min() > 10
    # A price in a fact is never unusable, and what is turned away is never there twice.
    assert "unusable" not in set(labels.filter(pl.col("side") == "near-miss")["label"])
    assert labels["sample_id"].n_unique() == labels.height


def test_the_page_prints_the_figures_of_the_verdicts(labels):
    page = (ROOT / "docs" / "guard.md").read_text(encoding="utf-8")
    assert report(labels) in page


def test_the_interval_of_a_share():
    """Worked by hand: 7 of 7 gives 49 / (49 + 7 * 3.8415) = 0.6457."""
    low, high = wilson(7, 7)
    assert (round(low, 4), round(high, 4)) == (0.6457, 1.0)


@pytest.mark.shared
def test_what_was_judged_stands_in_the_panels(labels, shared):
    """Every token price judged is a figure of its model in the raw panel."""
    raw = pl.read_parquet(shared / "data/token_prices/token_price_panel.parquet").select("model_id", r"^.*_usd_mtok$")
    raw = raw.unpivot(index="model_id", value_name="price").drop_nulls()
    raw = raw.select("model_id", pl.col("price").round(9)).unique()  # a fact keeps nine decimals
    judged = labels.filter(pl.col("family") == "token_prices", pl.col("price").is_not_null()).select(
        pl.col("item").str.split(" | ").list.get(1).alias("model_id"), pl.col("price").cast(pl.Float64).round(9)
    )
    assert judged.height == 174
    assert judged.join(raw, on=["model_id", "price"], how="anti").rows() == []
