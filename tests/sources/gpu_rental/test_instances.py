"""What an instance holds: documented parts of GPUs, and agreement with two independent trackers of instance facts."""

from __future__ import annotations

import csv
from fractions import Fraction

import polars as pl
import pytest

from sources.gpu_rental import instances, mig


@pytest.mark.parametrize(
    ("cloud", "instance", "gpu", "count", "gigabytes"),
    [
        # Azure's pages: "1/6 of a GPU, 4 GB" and so on.
        ("azure", "Standard_NV6ads_A10_v5", "A10", "1/6", 4),
        ("azure", "Standard_NV12ads_A10_v5", "A10", "1/3", 8),
        ("azure", "Standard_NV18ads_A10_v5", "A10", "1/2", 12),
        ("azure", "Standard_NV36adms_A10_v5", "A10", "1", 24),
        ("azure", "Standard_NV72ads_A10_v5", "A10", "2", 24),
        ("azure", "Standard_NV4as_v4", "MI25", "1/8", 2),
        ("azure", "Standard_NV4ads_V710_v5", "V710", "1/6", 4),
        ("azure", "Standard_NG8ads_V620_v1", "V620", "1/4", None),
        ("aws", "g6f.large", "L4", "1/8", 3),
        ("aws", "g6f.2xlarge", "L4", "1/4", 6),
        ("aws", "gr6f.4xlarge", "L4", "1/2", 12),
        # Whole ones.
        ("azure", "Standard_NC80adis_H100_v5", "H100 NVL", "2", 94),
        ("azure", "Standard_ND96asr_v4", "A100", "8", 40),
        ("azure", "Standard_ND96amsr_A100_v4", "A100", "8", 80),
        ("azure", "Standard_ND128isr_NDR_GB200_v6", "GB200", "4", 192),
        ("aws", "p5.4xlarge", "H100", "1", 80),
        ("aws", "p4de.24xlarge", "A100", "8", 80),
        ("aws", "trn2.48xlarge", "Trainium2", "16", 96),
        ("azure", "Standard_NP20s", "Alveo U250", "2", 64),
    ],
)
def test_an_instance_holds_what_its_page_says(cloud, instance, gpu, count, gigabytes):
    found = instances.gpus_of(cloud, instance)
    assert found is not None
    assert (found.gpu_label, found.gpu_count, found.gpu_memory_gb) == (gpu, Fraction(count), gigabytes)
    assert found.citation.startswith("https://")


@pytest.mark.parametrize(
    ("cloud", "instance"),
    [
        ("azure", "Standard_NC8ads_A10_v4"),  # its page does not say what part of an A10 it has
        ("azure", "Standard_NC24lds_xl_RTXPRO6000BSE_v6"),
        ("azure", "Standard_ND96isr_B900_v9"),
        ("aws", "g9.xlarge"),
        ("aws", "Standard_ND96asr_v4"),
        ("aws", "xg6.xlarge"),
        ("gcp", "a3-highgpu-8g"),
    ],
)
def test_an_instance_nobody_wrote_down_is_not_guessed(cloud, instance):
    assert instances.gpus_of(cloud, instance) is None


def test_no_instance_is_in_the_table_twice():
    with instances.TABLE.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert {row["cloud"] for row in written} == {"aws", "azure"}
    for cloud in ("aws", "azure"):
        for name in [*AWS_SEEN, *AZURE_SEEN]:
            fitting = [pattern for pattern, _ in instances._table(cloud) if pattern.fullmatch(name)]
            assert len(fitting) <= 1, (name, fitting)


AWS_SEEN = (
    "g6f.4xlarge",
    "gr6f.4xlarge",
    "gr6.4xlarge",
    "g6.4xlarge",
    "g6e.48xlarge",
    "p5en.48xlarge",
    "trn1n.32xlarge",
)
AZURE_SEEN = (
    "Standard_NC24rs_v3",
    "Standard_ND96is_flex_H100_v5",
    "Standard_ND96asr_A100_v4",
    "Standard_NV12s_v2",
    "Standard_NV12s_v3",
    "Standard_NC128lds_xl_RTXPRO6000BSE_v6",
)
# Where the trackers say other than the pages, and why the pages stand.
PARTS_COUNTED_AS_NONE = ["g6f.2xlarge", "g6f.4xlarge", "g6f.large", "g6f.xlarge", "gr6f.4xlarge"]
# No page says what part of a GPU these have: 21 of the tracker's 112 sizes.
UNKNOWN_TO_THE_TABLE = sorted(
    [f"Standard_NC{size}_xl_RTXPRO6000BSE_v6" for size in ("8lds", "16lds", "24lds")]
    + [
        f"Standard_NC{size}{kind}_xl_RTXPRO6000BSE_v6"
        for size in (32, 36, 64, 72, 132, 264, 324)
        for kind in ("ds", "lds")
    ]
    + [f"Standard_NC{size}ads_A10_v4" for size in (8, 16, 32)]
    + ["Standard_NV28ads_V710_v5"]
)
# Memory the tracker reads from the driver or the API in MiB; the pages round it up.
MEMORY_WITHIN = 0.07


@pytest.mark.shared
def test_amazons_instances_agree_with_an_independent_tracker(shared):
    """Karpenter's facts come from EC2's own DescribeInstanceTypes, the table from Amazon's pages."""
    facts = (
        pl.read_csv(shared / "data/gpu_rates/aws_karpenter_gpu_ondemand.csv.gz")
        .select("instance_type", "accelerator_name", "accelerator_count", "gpu_mem_mib")
        .filter(pl.col("accelerator_name").is_not_null())
        .unique()
    )
    disagree = []
    for name, label, count, mebibytes in facts.rows():
        held = instances.gpus_of("aws", name)
        assert held is not None, name
        memory_fits = mebibytes is None or abs(mebibytes / 1024 / held.gpu_memory_gb - 1) < MEMORY_WITHIN
        if held.gpu_label.lower() != label or float(held.gpu_count) != count or not memory_fits:
            disagree.append(name)
    assert facts.height == 91
    assert sorted(disagree) == PARTS_COUNTED_AS_NONE


@pytest.mark.shared
def test_azures_sizes_agree_with_an_independent_tracker(shared):
    """Karpenter's list of sizes with the panel's counts, against Microsoft's pages."""
    panel = pl.read_parquet(shared / "data/gpu_rates/gpu_rates_panel.parquet")
    facts = (
        panel.filter(pl.col("source") == "karpenter-azure")
        .select("instance_type", "accelerator_raw", "accelerator_count", "gpu_mem_gb")
        .unique()
    )
    unknown, disagree, agree = [], [], 0
    for name, label, count, gigabytes in facts.rows():
        held = instances.gpus_of("azure", name)
        if held is None:
            unknown.append(name)
        elif count is not None:
            same = (
                held.gpu_label.replace(" ", "") == label
                and abs(float(held.gpu_count) - count) < 1e-6
                and held.gpu_memory_gb == gigabytes
            )
            agree += same
            disagree += [] if same else [name]
    assert (facts.height, agree, disagree) == (112, 56, [])
    assert sorted(unknown) == UNKNOWN_TO_THE_TABLE


@pytest.mark.parametrize(
    ("label", "whole", "share", "gigabytes"),
    [
        # NVIDIA's MIG User Guide: A100 40GB 1g.5gb is 1/7, A30 2g.12gb is 2/4, RTX PRO 6000 1g.24gb is 1/4.
        ("A100-SXM4-40GB MIG 1g.5gb", "A100-SXM4-40GB", "1/7", 5),
        ("H100 MIG 3g.40gb", "H100", "3/7", 40),
        ("NVIDIA H100 80GB HBM3 MIG 1g.10gb+me", "NVIDIA H100 80GB HBM3", "1/7", 10),
        ("H200-1g.18gb", "H200", "1/7", 18),
        ("A30 MIG 2g.12gb", "A30", "1/2", 12),
        ("RTXPRO6000 MIG 1g.24gb", "RTXPRO6000", "1/4", 24),
        ("A100 7g.80gb", "A100", "1", 80),
    ],
)
def test_a_mig_profile_is_a_part_of_its_gpu(label, whole, share, gigabytes):
    part = mig.part_of(label)
    assert part is not None
    assert (part.gpu_label, part.share, part.gpu_memory_gb) == (whole, Fraction(share), gigabytes)


@pytest.mark.parametrize(
    "label", ["H100", "A100 80GB", "A30 MIG 5g.24gb", "L40S MIG 1g.6gb", "g5.xlarge", "H100 8g.80gb", ""]
)
def test_a_label_without_a_profile_that_exists_is_left_alone(label):
    assert mig.part_of(label) is None
