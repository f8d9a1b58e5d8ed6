"""Benchmark scores: the rules of a row, and the record against figures read by hand in the publishers' files."""

from __future__ import annotations

import csv
import datetime as dt
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
    ("epoch_benchmark_hub", "epoch_capabilities_index", "glm-5.2_max", 152.7211558043359, None, None),
    ("epoch_benchmark_hub", "gpqa_diamond", "gpt-5.4-mini-2026-03-17_high", 0.8358585858585859, "2026-04-15", None),
    ("epoch_benchmark_hub", "weirdml_external", "gemini-3-pro-preview", 0.6993, None, 0.5257711077),
    ("aider_leaderboards", "polyglot", "claude-3-5-sonnet-20241022", 51.6, "2025-01-17", 14.4063),
    ("aider_leaderboards", "refactor", "o1-preview", 75.3, "2024-10-22", 120.985),
    ("epoch_llm_price_study", "MMLU", "GPT-4-0314", 86, None, None),
    ("arc_prize_leaderboard", "v1_Semi_Private", "gpt-5-4-nano-xhigh", 0.515, None, 0.13),
    ("arc_prize_leaderboard", "v2_Semi_Private", "gpt-5-4-nano-xhigh", 0.0569, None, 0.16),
    ("arc_prize_leaderboard", "v3_Semi_Private", "anthropic-opus-4-8-high", 0.0152, None, 10000),
    ("arena_text_leaderboard", "text/overall", "glm-5.3-flash", 1473.0004900163892, None, None),
    # Worked by hand from its 23 tasks: the mean of 82.69225, 69.994, 56.66667, 90.6755, 74.53767, 78.13033 and 62.35.
    ("livebench_leaderboard", "2026_01_08", "deepseek-v4-pro", 73.578, None, None),
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
@pytest.mark.parametrize(
    ("file", "member", "day"),
    [
        ("epoch_benchmarks_ccby.tar.gz", "{}.csv", "2026-01-06"),
        ("epoch_benchmark_hub_2026-04-19.tar.gz", "benchmark_data/{}.csv", "2026-04-19"),
    ],
)
@pytest.mark.parametrize(
    ("benchmark", "column"),
    [("gpqa_diamond", "mean_score"), ("frontiermath_tier_4", "mean_score"), ("epoch_capabilities_index", "ECI Score")],
)
def test_a_benchmark_is_on_each_day_what_its_archive_holds(shared, file, member, day, benchmark, column):
    with tarfile.open(shared / "data" / "quality" / file) as archive:
        text = archive.extractfile(member.format(benchmark)).read().decode()
    lines = csv.DictReader(io.StringIO(text))
    stated = {line["Model version"].strip(): float(line[column]) for line in lines if line[column]}
    day = dt.date.fromisoformat(day)
    ours = recorded("epoch_benchmark_hub").filter(
        pl.col("benchmark_label") == benchmark,
        pl.col("known_from") <= day,
        pl.col("valid_to").is_null() | (pl.col("valid_to") > day),
    )
    assert ours.height == len(stated)
    assert dict(ours.select("model_label", "score").rows()) == stated


def test_a_figure_an_archive_changes_or_lacks_ends_on_its_day():
    rows = recorded("epoch_benchmark_hub").sort("known_from")
    changed = rows.filter(benchmark_label="frontiermath_tier_4", model_label="gpt-5-pro-2025-10-06_high")
    assert changed.select("score", "known_from", "valid_to").cast(pl.String).rows() == [
        ("0.125", "2026-01-06", "2026-04-19"),
        ("0.146", "2026-04-19", None),
    ]
    estimated = rows.filter(benchmark_label="epoch_capabilities_index", model_label="gpt-5.2-pro-2025-12-11-webapp")
    assert estimated["score"].round(4).to_list() == [152.4183, 154.1776, 154.7227]
    withdrawn = rows.filter(benchmark_label="swe_bench_verified", known_from=dt.date(2026, 1, 6))
    assert withdrawn["valid_to"].unique().to_list() == [dt.date(2026, 4, 19)]
    kept = rows.filter(benchmark_label="gpqa_diamond", model_label="gemini-3-flash-preview").row(0, named=True)
    assert (kept["last_observed"], kept["observation_count"]) == (dt.date(2026, 4, 19), 2)


@pytest.mark.parametrize(
    "source_id",
    [
        "epoch_benchmark_hub",
        "aider_leaderboards",
        "epoch_llm_price_study",
        "arc_prize_leaderboard",
        "arena_text_leaderboard",
        "livebench_leaderboard",
    ],
)
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
