"""Hardware facts: the rules of a row, units that fit, and figures of the record against what their makers state."""

from __future__ import annotations

import polars as pl
import pytest

from sources.hardware.contract import CONTRACTS
from sources.registry import all_sources

SOURCES = ("epoch_hardware", "inferencex_hardware", "hardware_facts")
GOOD = {
    "gpu_label": "H100 SXM", "attribute": "purchase_price_usd", "value": "28000", "value_low": "25000",
    "value_high": "30000", "unit": "USD", "valid_from": "2025-12-31", "valid_to": None, "known_from": "2025-12-31",
    "known_basis": "published", "last_observed": "2025-12-31", "observation_count": "1", "grade": "C",
    "citation": "000:46", "note": None,
}  # fmt: skip


def recorded(source_id: str) -> pl.DataFrame:
    spec = all_sources()[source_id]
    raw = pl.read_csv(spec.folder / spec.offline, infer_schema=False)
    outcome = CONTRACTS["observation"].validate(raw, source_id)
    assert outcome.rejected.is_empty(), outcome.rejected["all_failures"].to_list()
    return outcome.accepted


@pytest.mark.parametrize("source_id", SOURCES)
def test_the_record_keeps_every_rule(source_id):
    assert recorded(source_id).select("gpu_label", "attribute", "known_from").is_duplicated().sum() == 0


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"attribute": "weight_kg"}, "isin"),
        ({"unit": "EUR"}, "isin"),
        ({"unit": "W"}, "unit_fits_attribute"),
        ({"value": "0"}, "greater_than"),
        ({"value": "-1"}, "greater_than"),
        ({"value": "31000"}, "base_within_its_range"),
        ({"value_low": "28001"}, "base_within_its_range"),
        ({"value": "nan"}, "must be a finite number"),
        ({"gpu_label": ""}, "not_nullable"),
        ({"known_from": "December"}, "must be a date"),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected_alone(change, rule):
    frame = pl.DataFrame([GOOD, {**GOOD, **change}], infer_schema_length=None)
    outcome = CONTRACTS["observation"].validate(frame.cast(pl.String), "hardware_facts")
    assert outcome.accepted["row_number"].to_list() == [1]
    assert rule in outcome.rejected["all_failures"].item()


@pytest.mark.parametrize(
    ("gpu", "attribute", "value"),
    [
        # Makers' dense rates; the sparse ones are twice as high and must not slip in.
        ("NVIDIA H100 SXM5 80GB", "peak_bf16_flop_s", 989e12),
        ("NVIDIA H100 NVL", "peak_bf16_flop_s", 835.5e12),
        ("NVIDIA A100 SXM4 80 GB", "peak_bf16_flop_s", 312e12),
        ("NVIDIA B200", "peak_fp8_flop_s", 4500e12),
        ("NVIDIA L4", "peak_bf16_flop_s", 121e12),
        ("AMD Instinct MI300X", "peak_bf16_flop_s", 1307e12),
    ],
)
def test_peaks_are_dense(gpu, attribute, value):
    row = recorded("epoch_hardware").filter(pl.col("gpu_label") == gpu, pl.col("attribute") == attribute)
    assert row["value"].item() == pytest.approx(value, rel=0.001)


def test_sixteen_bit_is_half_of_eight_and_eight_at_most_half_of_four():
    wide = pl.concat([recorded(s) for s in SOURCES]).filter(pl.col("attribute").str.starts_with("peak_"))
    wide = wide.group_by("gpu_label", "attribute").agg(pl.col("value").max()).pivot("attribute", values="value")
    eight = wide.filter(pl.col("peak_bf16_flop_s").is_not_null() & pl.col("peak_fp8_flop_s").is_not_null())
    ratio = eight["peak_fp8_flop_s"] / eight["peak_bf16_flop_s"]
    assert ratio.is_between(1.8, 2.1).all()


def test_a_purchase_price_is_never_better_than_an_estimate():
    prices = pl.concat([recorded(s) for s in SOURCES]).filter(pl.col("attribute") == "purchase_price_usd")
    assert set(prices["grade"]) == {"C"}
    assert prices["value"].is_between(500, 60_000).all()
