"""Throughput results: the rules of a row, and the record against the benchmark's own table."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from sources.registry import all_sources
from sources.throughput.contract import CONTRACTS


def recorded(source_id: str) -> pl.DataFrame:
    spec = all_sources()[source_id]
    raw = pl.read_csv(spec.folder / spec.offline, infer_schema=False)
    outcome = CONTRACTS["observation"].validate(raw, source_id)
    assert outcome.rejected.is_empty(), outcome.rejected["all_failures"].to_list()
    return outcome.accepted


def test_each_result_stands_once_and_its_round_is_known_no_earlier_than_published():
    results = recorded("mlperf_inference")
    assert results.height == 980
    assert results.select("submission_label", "model_label", "scenario").is_duplicated().sum() == 0
    rounds = results.group_by("round").agg(pl.col("known_from").unique()).sort("round").rows()
    assert rounds == [
        ("v4.1", [dt.date(2024, 8, 28)]),
        ("v5.1", [dt.date(2025, 9, 9)]),
        # Its source gives the month alone: the last day is the first on which it surely was known.
        ("v6.0", [dt.date(2026, 4, 30)]),
    ]
    assert results["input_tokens_per_s"].is_null().all()


@pytest.mark.shared
def test_a_result_divided_by_its_accelerators_is_the_tables_own_figure(shared):
    published = pl.read_csv(shared / "data" / "throughput" / "mlperf_inference_results.csv", infer_schema_length=None)
    both = recorded("mlperf_inference").join(
        published,
        left_on=["submission_label", "model_label", "scenario"],
        right_on=["result_id", "model", "scenario"],
    )
    assert both.height == 980
    # Two systems of 87 and 94 GPUs on 11 and 12 nodes of eight places: the table divides by the places.
    named = pl.col("gpu_label").str.extract(r"\(x(\d+)\)$").cast(pl.Float64)
    assert both.filter(named.is_not_null())["accelerator_count"].unique().sort().to_list() == [87.0, 94.0]
    both = both.filter(named.is_null())
    ours = both["output_tokens_per_s"] / both["accelerator_count"]
    assert ((ours / both["result_per_accelerator"]) - 1).abs().max() < 1e-4
    assert both["citation"].str.contains(r"^github\.com/.+@[0-9a-f]{8} ").all()


def test_the_documents_rows_are_their_prints():
    rows = recorded("document_throughput").rows_by_key("submission_label", named=True, unique=True)
    assert rows["prefill"]["input_tokens_per_s"] * 3600 == pytest.approx(46.8e9)
    assert rows["decode"]["output_tokens_per_s"] * 3600 == pytest.approx(46.7e6)
    assert (rows["optimised"]["output_tokens_per_s"], rows["optimised"]["input_tokens_per_s"]) == (1200, 8000)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"accelerator_count": "0"}, "greater_than"),
        ({"output_tokens_per_s": "-5"}, "greater_than"),
        ({"output_tokens_per_s": "fast"}, "must be a finite number"),
        ({"output_tokens_per_s": None}, "states_output_or_input"),
        ({"wall_power_w": "0"}, "greater_than"),
        ({"model_label": ""}, "not_nullable"),
        ({"grade": "E"}, "isin"),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected_alone(change, rule):
    good = recorded("mlperf_inference").head(1).drop("row_number").cast(pl.String)
    bad = good.with_columns(pl.lit(v, dtype=pl.String).alias(k) for k, v in change.items())
    outcome = CONTRACTS["observation"].validate(pl.concat([good, bad]), "mlperf_inference")
    assert outcome.accepted["row_number"].to_list() == [1]
    assert rule in outcome.rejected["all_failures"].item()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("citation", "printed"), [("004:126", "46.8 billion"), ("004:127", "46.7 million"), ("000:93-96", "1,200 tok/s")]
)
def test_the_documents_rows_cite_the_line_that_prints_them(shared, citation, printed):
    document, _, line = citation.partition(":")
    (path,) = (shared / "seeds").glob(f"{document}_*.txt")
    assert printed in path.read_text(encoding="utf-8").splitlines()[int(line.split("-")[0]) - 1]
    assert citation in set(recorded("document_throughput")["citation"])
