"""Usage: the rules of a row, and figures of the record against the files and the sums others published of them."""

from __future__ import annotations

import polars as pl
import pytest

from sources.recorders import usage
from sources.registry import all_sources
from sources.usage.contract import CONTRACTS

FACT = {
    "measure": "rented_share", "subject": "synthetic market", "gpu_label": None, "value": "0.7", "unit": "share",
    "valid_from": "2026-01-01", "valid_to": "2026-02-01", "known_from": "2026-02-01", "known_basis": "published",
    "last_observed": "2026-02-01", "observation_count": "1", "grade": "A", "citation": "synthetic", "note": None,
}  # fmt: skip
TOKENS = {
    "platform_label": "synthetic", "model_label": "a/model", "input_tokens": "100", "cached_input_tokens": "60",
    "output_tokens": "10", "reasoning_tokens": "3", "request_count": "2",
    **{name: value for name, value in FACT.items() if name not in ("measure", "subject", "gpu_label", "value", "unit")},
}  # fmt: skip


def recorded(source_id: str) -> pl.DataFrame:
    spec = all_sources()[source_id]
    raw = pl.read_csv(spec.folder / spec.offline, infer_schema=False)
    outcome = CONTRACTS[spec.contract].validate(raw, source_id)
    assert outcome.rejected.is_empty(), outcome.rejected["all_failures"].to_list()
    return outcome.accepted


@pytest.mark.parametrize(
    ("contract", "good", "change", "rule"),
    [
        ("observation", FACT, {"value": "70"}, "a_share_is_at_most_one"),
        ("observation", FACT, {"unit": "ratio"}, "unit_fits_measure"),
        ("observation", FACT, {"measure": "mood"}, "isin"),
        ("observation", FACT, {"valid_to": "2026-01-01"}, "valid_from_before_valid_to"),
        ("token_usage", TOKENS, {"cached_input_tokens": "101"}, "part_within_whole"),
        ("token_usage", TOKENS, {"reasoning_tokens": "11"}, "part_within_whole"),
        ("token_usage", TOKENS, {"output_tokens": "-1"}, "greater_than"),
        (
            "token_usage",
            TOKENS,
            dict.fromkeys(("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_tokens"), "0"),
            "some_tokens_were_used",
        ),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected_alone(contract, good, change, rule):
    frame = pl.DataFrame([good, {**good, **change}], infer_schema_length=None).cast(pl.String)
    outcome = CONTRACTS[contract].validate(frame, "utilisation_facts")
    assert outcome.accepted["row_number"].to_list() == [1]
    assert rule in outcome.rejected["all_failures"].item()


def test_weeks_add_up_to_what_the_collector_computed():
    """Input to output and the cached share of the weeks that ../shared/data/utilisation names, to its digits."""
    weeks = recorded("openrouter_weekly_usage").group_by("valid_to").agg(pl.sum("^.*_tokens$")).sort("valid_to")
    ratios = weeks.select(
        pl.col("valid_to").cast(pl.String),
        (pl.col("input_tokens") / pl.col("output_tokens")).round(1).alias("mix"),
        (pl.col("cached_input_tokens") / pl.col("input_tokens")).round(3).alias("cached"),
    )
    found = {day: (mix, cached) for day, mix, cached in ratios.iter_rows()}
    assert len(found) == 25
    assert found["2025-11-17"] == (19.4, 0.510)
    assert found["2026-04-07"] == (56.9, 0.488)


def test_weeks_do_not_overlap():
    weeks = recorded("openrouter_weekly_usage").select("valid_from", "valid_to").unique().sort("valid_from")
    assert (weeks["valid_from"].shift(-1) >= weeks["valid_to"]).drop_nulls().all()


def test_lengths_of_requests_are_those_the_facts_state(shared):
    """Computed from the traces here, and by the collector of the facts: 2047.8, 27.9; 1154.7, 211.1; 73.4, 5.47."""
    rows = usage.facts(shared).filter(pl.col("subject").str.starts_with("Azure"))
    found = {(row["subject"].split()[2], row["measure"]): row["value"] for row in rows.iter_rows(named=True)}
    assert found[("code", "input_tokens_per_request")] == pytest.approx(2047.8, abs=0.05)
    assert found[("code", "output_tokens_per_request")] == pytest.approx(27.9, abs=0.05)
    assert found[("conversation", "input_tokens_per_request")] == pytest.approx(1154.7, abs=0.05)
    assert found[("conversation", "output_tokens_per_request")] == pytest.approx(211.1, abs=0.05)
    assert found[("code", "input_tokens_per_output_token")] == pytest.approx(73.4, abs=0.05)
    assert found[("conversation", "input_tokens_per_output_token")] == pytest.approx(5.47, abs=0.005)


def test_shares_are_of_one(shared):
    facts = recorded("utilisation_facts")
    lium = {row["gpu_label"]: row["value"] for row in facts.filter(measure="rented_share").iter_rows(named=True)}
    assert lium == {"H100 SXM": 0.739, "A100 80GB PCIe": 0.977}
    assert facts.filter(measure="device_busy_share")["value"].to_list() == [0.0703, 0.05]
