"""Benchmark scores: the rules of a row, and the record against figures read by hand in the publishers' files."""

from __future__ import annotations

import csv
import io
import tarfile

import polars as pl
import pytest

from sources.benchmark_scores.contract import CONTRACTS
from sources.registry import all_sources


def recorded(source_id: str) -> pl.DataFrame:
    spec = all_sources()[source_id]
    raw = pl.read_csv(spec.folder / spec.offline, infer_schema=False)
    outcome = spec.load_contract().validate(raw, source_id)
    assert outcome.rejected.is_empty(), outcome.rejected["all_failures"].to_list()
    return outcome.accepted


# As the publishers print them: label, score and unit, day of the run, cost and its basis.
PUBLISHED = [
    ("epoch_benchmark_hub", "gpqa_diamond", "gemini-3-flash-preview", 0.8320707070707071, "2025-12-17", None),
    ("epoch_benchmark_hub", "frontiermath", "fireworks/deepseek-v3p2", 0.221, "2025-12-22", None),
    ("epoch_benchmark_hub", "swe_bench_bash", "claude-opus-4-5-20251101", 0.744, "2025-11-24", 0.72),
    ("epoch_benchmark_hub", "webdev_arena_external", "gpt-5.2-2025-12-11_high", 1480, "2026-01-05", None),
    ("epoch_benchmark_hub", "epoch_capabilities_index", "gpt-5.2-pro-2025-12-11-webapp", 152.4182891569458, None, None),
    ("epoch_benchmark_hub", "weirdml_external", "gemini-3-pro-preview", 0.6993, None, 0.5257711077),
    ("aider_leaderboards", "polyglot", "claude-3-5-sonnet-20241022", 51.6, "2025-01-17", 14.4063),
    ("aider_leaderboards", "refactor", "o1-preview", 75.3, "2024-10-22", 120.985),
    ("epoch_llm_price_study", "MMLU", "GPT-4-0314", 86, None, None),
]


@pytest.mark.parametrize(("source_id", "benchmark", "model", "score", "run_on", "cost"), PUBLISHED)
def test_a_score_is_what_its_publisher_prints(source_id, benchmark, model, score, run_on, cost):
    found = recorded(source_id).filter(benchmark_label=benchmark, model_label=model).row(0, named=True)
    assert found["score"] == score
    assert found["run_cost"] == cost
    if run_on:
        assert found["scored_on"].isoformat() == run_on
    else:
        assert found["scored_on_basis"] == "capture"


def test_the_studys_prices_stand_beside_its_scores():
    rows = recorded("epoch_llm_price_study").filter(model_label="GPT-3 175B (davinci)", benchmark_label="MMLU")
    assert rows.select("release_date", "price_usd_per_mtok").cast(pl.String).rows() == [
        ("2021-11-20", "60.0"),
        ("2022-08-31", "60.0"),
        ("2022-09-01", "20.0"),
        ("2024-01-04", "20.0"),
    ]


@pytest.mark.shared
def test_a_benchmark_arrives_whole(shared):
    with tarfile.open(shared / "data" / "quality" / "epoch_benchmarks_ccby.tar.gz") as archive:
        text = archive.extractfile("gpqa_diamond.csv").read().decode()
    stated = {row["Model version"]: float(row["mean_score"]) for row in csv.DictReader(io.StringIO(text))}
    ours = recorded("epoch_benchmark_hub").filter(benchmark_label="gpqa_diamond")
    assert dict(ours.select("model_label", "score").rows()) == stated


@pytest.mark.parametrize("source_id", ["epoch_benchmark_hub", "aider_leaderboards", "epoch_llm_price_study"])
def test_no_note_of_a_publisher_is_carried_over(source_id):
    rows = recorded(source_id)
    assert rows["note"].null_count() == rows.height
    assert rows["citation"].str.len_chars().max() < 160


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"score": "1.01"}, "score_within_its_unit"),
        ({"score": "-0.2"}, "score_within_its_unit"),
        ({"score": "83"}, "score_within_its_unit"),
        ({"score": "100.5", "score_unit": "pct"}, "score_within_its_unit"),
        ({"score": "nan"}, "must be a finite number"),
        ({"score": None}, "not_nullable"),
        ({"score_unit": "stars"}, "isin"),
        ({"scored_on": None}, "not_nullable"),
        ({"scored_on": "last week"}, "must be a date"),
        ({"release_date": "2025"}, "must be a date"),
        ({"run_cost": "3"}, "cost_and_its_basis_together"),
        ({"run_cost": "-3", "run_cost_basis": "run"}, "greater_than_or_equal_to"),
        ({"price_usd_per_mtok": "0"}, "greater_than"),
        ({"model_label": " "}, "not_nullable"),
        ({"test_cases": "0"}, "greater_than"),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected_alone(change, rule):
    rows = recorded("epoch_benchmark_hub").filter(benchmark_label="gpqa_diamond")
    good = rows.head(1).drop("row_number").cast(pl.String)
    bad = good.with_columns(pl.lit(v, dtype=pl.String).alias(k) for k, v in change.items())
    outcome = CONTRACTS["observation"].validate(pl.concat([good, bad]), "epoch_benchmark_hub")
    assert outcome.accepted["row_number"].to_list() == [1]
    assert rule in outcome.rejected["all_failures"].item()


def test_a_rating_has_no_ceiling():
    row = recorded("epoch_benchmark_hub").filter(score_unit="elo").head(1).drop("row_number").cast(pl.String)
    assert row["score"].cast(float).item() > 1000
    assert CONTRACTS["observation"].validate(row, "epoch_benchmark_hub").rejected.is_empty()
