"""Names in the real rental payloads against the crosswalks as they are committed, without a build: every spelling of a
GPU and a seller, what is left out by count and by price, and the forms and memories of H100 and A100 kept apart.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from tests.dbt.building import PROJECT
from tests.sources.gpu_rental.live import TRACKER_DAYS, sample, tracker_file

pytestmark = pytest.mark.shared
OTHER_ACCELERATORS = {"inferentia", "inferentia2", "trainium", "gaudi-hl-205"}


def crosswalk(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((PROJECT / "seeds" / f"{name}.csv").read_text().splitlines()))


def gpu_labels(shared: Path) -> pl.DataFrame:
    """Every GPU label of every real rental payload, as spelled, with its rows and what they ask for an hour."""
    folder = shared / "data" / "gpu_rates"
    panel = pl.read_parquet(folder / "gpu_rates_panel.parquet").select(
        pl.col("accelerator_raw").alias("label"), pl.coalesce("price_instance_hr", "price_gpu_hr").alias("price")
    )
    vast = pl.read_csv(gzip.decompress((folder / "ccir_vast_us_offers.csv.gz").read_bytes()))
    cards = pl.read_csv(folder / "ccir_reference_rates_2026-03-03.csv").filter(source="runpod")
    answers = [(o["gpu_name"], o["dph_base"]) for o in _json(shared, "vast_bundles_response_sample.json")["offers"]]
    answers += [
        (gpu["id"], float(gpu["securePrice"]))
        for gpu in _json(shared, "runpod_gputypes_response_sample.json")["data"]["gpuTypes"]
    ]
    answers += [
        (offer["gpu"], float(offer["usd_hr"]))
        for day in TRACKER_DAYS
        for offer in json.loads(tracker_file(shared, day))["offers"]
    ]
    together = pl.concat(
        [
            panel,
            vast.select(pl.col("gpu_name").alias("label"), pl.col("dph_total").alias("price")),
            cards.select(pl.col("sku").alias("label"), pl.col("price_per_gpu_hr").alias("price")),
            pl.DataFrame(answers, schema={"label": pl.String, "price": pl.Float64}, orient="row"),
        ]
    )
    return together.drop_nulls("label").group_by("label").agg(pl.len().alias("rows"), pl.col("price").sum())


def _json(shared: Path, name: str):
    return json.loads(sample(shared, name))


def test_what_no_crosswalk_names_is_no_gpu(shared):
    labels = gpu_labels(shared)
    known = {row["gpu_label"] for row in crosswalk("xwalk_gpu")}
    left_out = labels.filter(~pl.col("label").str.to_lowercase().is_in(sorted(known))).sort("price", descending=True)
    assert set(left_out["label"]) == OTHER_ACCELERATORS
    assert left_out.select("label", "rows", pl.col("price").round()).rows() == [
        ("trainium", 158, 2419),
        ("inferentia", 468, 1689),
        ("inferentia2", 184, 1021),
        ("gaudi-hl-205", 72, 944),
    ]
    assert left_out["rows"].sum() / labels["rows"].sum() < 0.005
    assert left_out["price"].sum() / labels["price"].sum() < 0.001


def test_fifteen_spellings_of_h100_keep_their_forms(shared):
    spellings = {label for label in gpu_labels(shared)["label"] if "h100" in label.lower()}
    assert len(spellings) == 15
    found = {label: set() for label in spellings}
    for row in crosswalk("xwalk_gpu"):
        for label in spellings:
            if row["gpu_label"] == label.lower() and not row["sku_pattern"]:
                # 94 GB has the NVL card alone, whatever it is called.
                if row["memory_low_gb"] and float(row["memory_low_gb"]) > 90:
                    assert row["gpu"] == "H100 NVL"
                else:
                    found[label].add((row["gpu"], row["form_factor"]))
    forms = {"pcie": ("H100 PCIe", "PCIe"), "nvl": ("H100 NVL", "NVL"), "sxm": ("H100 SXM", "SXM")}
    # HGX boards and HBM3 stacks of 80 GB carry the SXM module alone.
    forms |= {"hgx": forms["sxm"], "hbm3": forms["sxm"]}
    for label, gpus in found.items():
        told = {gpu for word, gpu in forms.items() if word in label.lower()} - {("H100 NVL", "NVL")}
        if "nvl" in label.lower():
            assert not gpus, label
            continue
        assert gpus == (told or {("H100 (unspecified)", "unspecified")}), label


def test_a_spelling_and_a_memory_name_one_gpu_whatever_the_machine_is_called(shared):
    """Two rows of one spelling differ in memory, or one of them asks for a pattern in the machine's name."""
    del shared
    plain = [row for row in crosswalk("xwalk_gpu") if not row["sku_pattern"]]
    for label, count in Counter(row["gpu_label"] for row in plain).items():
        ranges = sorted(
            (float(row["memory_low_gb"]), float(row["memory_high_gb"]))
            for row in plain
            if row["gpu_label"] == label and count > 1
        )
        assert all(high < low for (_, high), (low, _) in itertools.pairwise(ranges)), label


def test_every_seller_in_the_payloads_has_a_name_and_a_tier(shared):
    known = {row["provider_label"]: row["tier"] for row in crosswalk("xwalk_rental_provider")}
    sellers = {offer["provider"] for day in TRACKER_DAYS for offer in json.loads(tracker_file(shared, day))["offers"]}
    assert len(sellers) == 34
    assert {seller: known.get(seller) for seller in sellers if not known.get(seller)} == {}
    assert known["vast"] == "marketplace"
    assert known["runpod"] == "neocloud"
