"""docs/tokenizers.md and core.assumption against what was measured: one table, told three times."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def measured() -> pl.DataFrame:
    return pl.read_csv(ROOT / "docs" / "tokenizers_measured.csv")


def test_a_rate_is_its_tokens_over_its_characters(measured) -> None:
    rate = (1000 * pl.col("tokens") / pl.col("characters") - pl.col("tokens_per_1000_characters")).abs()
    assert measured.select(rate.max()).item() <= 0.005001


def test_every_text_was_one_text_for_all(measured) -> None:
    assert measured.group_by("text").agg(pl.col("characters").n_unique())["characters"].unique().to_list() == [1]
    assert measured.height == measured["tokenizer"].n_unique() * measured["text"].n_unique()


def test_the_assumptions_are_what_was_measured(measured) -> None:
    path = ROOT / "sources" / "assumptions" / "curated" / "operands_serving.csv"
    stated = pl.read_csv(path, infer_schema=False).filter(pl.col("assumption_set") == "measured_tokenizer")
    rows = dict(stated.select("subject", pl.col("value").cast(pl.Float64)).iter_rows())
    names = pl.concat_str("tokenizer", "text", separator=" | ")
    assert rows == dict(measured.select(names, "tokens_per_1000_characters").iter_rows())


def test_the_page_prints_each_rate(measured) -> None:
    page = (ROOT / "docs" / "tokenizers.md").read_text(encoding="utf-8")
    for (name,), rows in measured.group_by("tokenizer"):
        line = next(line for line in page.splitlines() if line.startswith(f"| {name} |"))
        assert all(f" {rate:.0f} " in line for rate in rows["tokens_per_1000_characters"])
        assert f"{rows['package'][0].split(' ')[1]} {rows['version'][0]}" in line
