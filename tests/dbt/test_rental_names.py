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
# Files of the later hand-overs: the column of the GPU's name and that of its price per GPU-hour.
LATER = {
    "aws_gpu_quick_reference_2026-09_us-east-1.csv": ("gpu", "on_demand_usd_per_gpu_hour"),
    "aws_capacity_blocks_history.csv": ("accelerator", "usd_per_accelerator_hour"),
    "ewyluda_tier_medians_2026-09-29_2026-10-05.csv": ("gpu", "median_usd_per_gpu_h"),
    "gpu_price_feed_cheapest_2026-10.csv": ("gpu", "cheapest_usd_per_gpu_h"),
    "gpurentalprices_2026-08-31_to_2026-10-08.csv": ("gpu", "usd_per_gpu_hr"),
    "gpurentalprices_2026-10-10_daytona.csv": ("gpu", "on_demand_usd_per_gpu_h"),
    "lium_paid_medians_2026-09-19.csv": ("gpu", "gpu_hour_weighted_paid_median_usd"),
    "wayback_ratecards_monthly_2025-04_2026-09.csv": ("gpu", "raw_on_demand_median"),
    "eucri_observations.csv.gz": ("gpu_model", "price_usd_per_gpu_hr"),
    "henryzhangpku_backfill_observations.csv.gz": ("gpu_model", "price_per_gpu_hour"),
    "krisjiang_lambda_runpod_daily.csv.gz": ("gpu_model", "price_usd_per_gpu_hour"),
    "davesbecker_vast_offers.csv.gz": ("gpu_model", "raw_gpu_hourly_rate"),
    "tardellirs_offerings_2026-05-24.json.gz": ("gpu_model", "price_usd_hour"),
}
# A form that does not exist, a card that does not exist, a computing mode, a clock rate.
UNCLEAR = {"NVIDIA B200 NVL", "NVIDIA RTX PRO-A6000 SE"}


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
    assert set(left_out["label"]) <= no_gpus()
    assert left_out.select("label", "rows", pl.col("price").round()).rows() == [
        ("trainium", 158, 2419),
        ("inferentia", 468, 1689),
        ("inferentia2", 184, 1021),
        ("gaudi-hl-205", 72, 944),
    ]
    assert left_out["rows"].sum() / labels["rows"].sum() < 0.005
    assert left_out["price"].sum() / labels["price"].sum() < 0.001


def no_gpus() -> set[str]:
    return {row["gpu_label"] for row in crosswalk("other_accelerator")}


def later_labels(shared: Path) -> pl.DataFrame:
    """The same of the files of the later hand-overs."""
    frames = []
    for name, (label, price) in LATER.items():
        content = (shared / "data" / "gpu_rates" / name).read_bytes()
        content = gzip.decompress(content) if name.endswith(".gz") else content
        if ".json" in name:
            rows = pl.DataFrame([(row[label], row[price]) for row in json.loads(content)], orient="row")
        else:
            rows = pl.read_csv(content, infer_schema=False).select(label, price)
        rows.columns = ["label", "price"]
        frames.append(rows.with_columns(pl.col("price").cast(pl.Float64, strict=False)))
    together = pl.concat(frames).drop_nulls("label")
    return together.group_by("label").agg(pl.len().alias("rows"), pl.col("price").sum())


def test_names_of_the_later_files_are_known_by_weight(shared):
    labels = later_labels(shared)
    known = {row["gpu_label"] for row in crosswalk("xwalk_gpu")} | no_gpus()
    left_out = labels.filter(~pl.col("label").str.to_lowercase().is_in(sorted(known)))
    assert {label.lower() for label in left_out["label"]} == {label.lower() for label in UNCLEAR}
    assert left_out["price"].sum() / labels["price"].sum() < 0.0005


@pytest.mark.parametrize(
    ("label", "memory", "gpu"),
    [
        ("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", 96, "RTX PRO 6000 Max-Q"),
        ("RTX PRO 6000 MaxQ", 96, "RTX PRO 6000 Max-Q"),
        ("NVIDIA RTX PRO 5000 Blackwell", 48, "RTX PRO 5000"),
        ("NVIDIA RTX PRO 5000 Blackwell", 72, "RTX PRO 5000 72GB"),
        ("NVIDIA RTX PRO 4000 Blackwell", 24, "RTX PRO 4000"),
        ("NVIDIA HGX B300", 288, "B300"),
        ("B300 SXM6 AC", 288, "B300"),
        ("GB300 288GB SXM", 288, "GB300"),
        ("AMD MI355X", 288, "MI355X"),
        ("RTX 6000", 24, "Quadro RTX 6000"),
        ("RTX 6000", 48, "RTX 6000 Ada"),
        ("A100 SXM", 40, "A100 40GB"),
        ("A100_SXM", 80, "A100 80GB"),
    ],
)
def test_new_names_and_the_memory_beside_them_name_one_gpu(shared, label, memory, gpu):
    del shared
    found = {
        row["gpu"]
        for row in crosswalk("xwalk_gpu")
        if row["gpu_label"] == label.lower()
        and not row["sku_pattern"]
        and float(row["memory_low_gb"]) <= memory <= float(row["memory_high_gb"])
    }
    assert found == {gpu}


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
