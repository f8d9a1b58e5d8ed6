"""Serving points: the rules of a row, points typed from the file, and what throughput and speed imply of each other."""

from __future__ import annotations

import polars as pl
import pytest

from sources.registry import all_sources
from sources.throughput.contract import CONTRACTS

GOOD = {
    "configuration": "1", "gpu_label": "b200", "model_label": "synthetic", "engine": "vllm", "precision": "fp8",
    "speculation": "none", "is_disaggregated": "false", "gpu_count": "8", "input_tokens": "1024",
    "output_tokens": "1024", "concurrency": "4", "tokens_per_s_per_gpu": "100", "seconds_per_output_token": "0.01",
    "joules_per_output_token": None, "valid_from": "2026-01-01", "valid_to": None, "known_from": "2026-01-01",
    "known_basis": "first_seen", "last_observed": "2026-01-01", "observation_count": "1", "grade": "B",
    "citation": "synthetic", "note": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def points() -> pl.DataFrame:
    spec = all_sources()["inferencex_serving_points"]
    raw = pl.read_csv(spec.folder / spec.offline, infer_schema=False)
    outcome = CONTRACTS["serving_point"].validate(raw, spec.source_id)
    assert outcome.rejected.is_empty(), outcome.rejected["all_failures"].to_list()[:3]
    return outcome.accepted


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"tokens_per_s_per_gpu": "0"}, "greater_than"),
        ({"seconds_per_output_token": "-0.01"}, "greater_than"),
        ({"speculation": "luck"}, "isin"),
        ({"is_disaggregated": "perhaps"}, "must be true or false"),
        ({"concurrency": None}, "not_nullable"),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected_alone(change, rule):
    frame = pl.DataFrame([GOOD, {**GOOD, **change}], infer_schema_length=None).cast(pl.String)
    outcome = CONTRACTS["serving_point"].validate(frame, "inferencex_serving_points")
    assert outcome.accepted["row_number"].to_list() == [1]
    assert rule in outcome.rejected["all_failures"].item()


def test_the_record_is_as_wide_as_promised(points):
    assert (points.height, points["model_label"].n_unique(), points["gpu_label"].n_unique()) == (8063, 10, 9)
    item = ["configuration", "input_tokens", "output_tokens", "concurrency"]
    assert points.select(item).is_duplicated().sum() == 0


@pytest.mark.parametrize(
    ("configuration", "tokens", "concurrency", "throughput", "seconds"),
    [
        # Read off the file by hand.
        ("1209", 1024, 4, 194.08403, 0.0048406268),
        ("1209", 1024, 8, 464.74888, 0.0039913748),
        ("1209", 1024, 16, 406.11422, 0.0092337217),
        ("75", 1024, 4, 65.92344, 0.014630207),
    ],
)
def test_points_are_those_of_the_file(points, configuration, tokens, concurrency, throughput, seconds):
    found = points.filter(
        configuration=configuration, input_tokens=tokens, output_tokens=tokens, concurrency=concurrency
    )
    assert found.select("tokens_per_s_per_gpu", "seconds_per_output_token").rows() == [(throughput, seconds)]


def test_throughput_counts_input_and_output_over_the_gpus_of_the_engine(points):
    """Where one set of GPUs does both, users times their speed is the output, but for the time to the first token.

    The whole throughput is that times (input + output) / output: were it output alone, or were the GPUs others, answers
    of 1,024 tokens to prompts of 8,192 would be served several times as fast as users see them.
    """
    whole = points.filter(~pl.col("is_disaggregated"))
    both = (pl.col("input_tokens") + pl.col("output_tokens")) / pl.col("output_tokens")
    implied = pl.col("concurrency") / pl.col("seconds_per_output_token") / pl.col("gpu_count") * both
    ratio = whole.select((pl.col("tokens_per_s_per_gpu") / implied).alias("ratio"))["ratio"]
    assert (whole.height, ratio.null_count()) == (5588, 0)
    assert ratio.median() == pytest.approx(0.96, abs=0.01)
    assert ratio.quantile(0.05) > 0.8
    assert ratio.quantile(0.95) < 1.0
    assert points.filter(pl.col("is_disaggregated"))["gpu_count"].null_count() == 2475
