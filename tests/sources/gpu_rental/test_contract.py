"""The rental contract: one synthetic row per rule it must refuse, and what the embedded files come to."""

from __future__ import annotations

import polars as pl
import pytest

from sources.gpu_rental.contract import CONTRACTS
from sources.registry import all_sources

GOOD = {
    "provider_label": "synthetic",
    "sku_label": "m8",
    "gpu_label": "H100",
    "gpu_memory_gb": "80",
    "region_label": "",
    "gpu_count": "8",
    "commitment": "on_demand",
    "price": "16",
    "price_low": "",
    "price_high": "",
    "price_unit": "usd_per_instance_hour",
    "currency": "USD",
    "valid_from": "2026-01-01",
    "valid_to": "",
    "known_from": "2026-01-01",
    "known_basis": "first_seen",
    "last_observed": "2026-01-01",
    "observation_count": "1",
    "grade": "B",
    "citation": "synthetic:1",
    "note": "",
}


def verdict(**changes: str) -> pl.DataFrame:
    return CONTRACTS["observation"].validate(pl.DataFrame([GOOD | changes]), "synthetic").rejected


def test_a_sound_row_passes():
    assert verdict().height == 0
    assert verdict(price_low="15", price_high="17").height == 0
    assert verdict(gpu_count="0.5", price="995", price_unit="usc_per_instance_hour").height == 0
    assert verdict(price_unit="usd_per_instance_term", commitment="reserved_3y").height == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"gpu_count": "0"}, "gpu_count"),
        ({"price": "0.00"}, "price"),
        ({"price": "-1"}, "price"),
        ({"price": "inf"}, "price"),
        ({"price": ""}, "price"),
        ({"currency": "CNY"}, "currency"),
        ({"commitment": "preemptible"}, "commitment"),
        ({"price_unit": "usd_per_month"}, "price_unit"),
        ({"gpu_label": ""}, "gpu_label"),
        ({"provider_label": ""}, "provider_label"),
        ({"price_low": "17", "price_high": "18"}, "row"),
        ({"price_low": "15"}, "row"),
        ({"gpu_count": "0.5", "price_unit": "usd_per_gpu_hour"}, "row"),
        ({"price_unit": "usd_per_instance_term"}, "row"),
        ({"price_unit": "usd_per_instance_term", "commitment": "reserved"}, "row"),
        ({"valid_to": "2026-01-01"}, "row"),
        ({"last_observed": "soon"}, "last_observed"),
    ],
    ids=str,
)
def test_a_broken_row_is_refused_by_name(changes, field):
    rejected = verdict(**changes)
    assert rejected["field"].to_list() == [field]


SPECS = [spec for spec in all_sources().values() if spec.family == "gpu_rental" and spec.offline]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.source_id)
def test_embedded_rows_are_accepted_but_for_parts_of_a_gpu_counted_as_none(spec):
    connector = spec.load_connector()
    for payload in connector.fetch_offline(spec):
        outcome = spec.load_contract().validate(connector.parse(payload), spec.source_id)
        expected = ["gpu_count"] * 5 if spec.source_id == "gpu_rates_karpenter_aws" else []
        assert outcome.rejected["field"].to_list() == expected
        assert outcome.received == outcome.accepted.height + len(expected)


def test_runs_of_one_item_never_overlap():
    key = ["provider_label", "sku_label", "gpu_label", "gpu_memory_gb", "region_label", "gpu_count", "commitment"]
    for spec in SPECS:
        if spec.contract != "observation":
            continue
        rows = pl.read_csv(spec.folder / spec.offline, infer_schema=False).sort(*key, "valid_from")
        following = pl.col("valid_from").shift(-1).over(key)
        ends = pl.col("valid_to").fill_null("9999")
        assert rows.filter(following.is_not_null() & (ends > following)).height == 0, spec.source_id
        assert rows.filter(pl.col("last_observed") < pl.col("valid_from")).height == 0, spec.source_id
