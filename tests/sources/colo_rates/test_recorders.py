"""The colocation recorders: dates that never claim knowledge early, and the same bytes from the real facts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from sources.recorders import colo_documents, colo_facts


@pytest.mark.parametrize(
    ("published", "day", "basis"),
    [
        ("2024-08-19", dt.date(2024, 8, 19), "published"),
        ("2024-02", dt.date(2024, 2, 29), "published"),
        ("2019", dt.date(2019, 12, 31), "published"),
        ("2026", colo_facts.CLOSES, "published"),
        (None, colo_facts.CLOSES, "loaded"),
    ],
)
def test_a_loose_date_counts_from_its_last_day(published, day, basis):
    known, found, note = colo_facts.known(published)
    assert (known, found) == (day, basis)
    assert bool(note) == (published != "2024-08-19")


def test_facts_are_recorded_alike(shared, tmp_path):
    recorded = pl.read_csv(colo_facts.CURATED / "colo_market_facts.csv", infer_schema=False)
    assert colo_facts.record(shared).cast(pl.String).equals(recorded)
    added = recorded.filter(pl.col("note").str.starts_with("colo-added"))
    assert added.select("market_label", "price_low", "price_high", "valid_from", "valid_to").rows() == [
        ("Singapore", "315", "480", "2024-01-01", "2024-04-01"),
        ("Chicago", "155", "165", "2024-01-01", "2024-04-01"),
    ]
    assert recorded.filter(pl.col("price_unit") == "pct_change").height == 4
    assert recorded.filter(pl.col("note").str.contains("SOURCE UNIT DEFECT")).height == 1


def test_documents_rates_are_the_ledgers(shared, tmp_path):
    path = Path(tmp_path / "again.csv")
    colo_documents.rows(shared).write_csv(path)
    assert path.read_bytes() == (colo_documents.CURATED / "document_colo_rates.csv").read_bytes()


def test_every_row_says_where_it_stands():
    for name in ("colo_market_facts.csv", "document_colo_rates.csv"):
        recorded = pl.read_csv(colo_facts.CURATED / name, infer_schema=False)
        assert recorded["citation"].str.contains(r"^https?://|^00\d:\d+ \(").all()
