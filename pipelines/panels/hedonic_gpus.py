"""Panels of GPU rental with characteristics of the chip and of who sells it, one per commitment.

Not here: the panel's shape (hedonic_panel.py), rows of marts (deflators/hedonic.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from pipelines.mart_kit.carry import carry
from pipelines.panels.hedonic_panel import FEWEST_GPUS, Characteristic, HedonicPanel, panel
from pipelines.panels.segments import segment_of
from pipelines.panels.whole_families import gpu_quotes

HARDWARE = (
    Characteristic("log_peak_16_bit", "peak_bf16_flop_s", np.log),
    Characteristic("log_memory", "memory_gb", np.log),
    Characteristic("log_memory_bandwidth", "memory_bandwidth_gb_s", np.log),
)
TIERS = ("tier_marketplace", "tier_neocloud", "tier_regional_cloud", "tier_serverless")
"""Against hyperscalers."""

GPU_DUMMIES = (
    "module",
    "form_unstated",
    "vendor_amd",
    *TIERS,
    "region_europe",
    "region_elsewhere",
    "region_government",
)


def gpu_panels(core: Mapping[str, pl.DataFrame], prices: pl.DataFrame) -> Iterator[HedonicPanel]:
    """One panel per commitment that has enough GPUs."""
    facts = core["dim_gpu"].select(pl.col("gpu").alias("kind"), *carry(*(c.fact for c in HARDWARE)))
    quotes = gpu_quotes(core, prices).with_columns(
        # At one rate for all months: sellers' levels compare, and a currency that moves is no price that moves.
        pl.col("usd_per_currency").sort_by("month").first().over("unit"),
        pl.col("form").is_in(["SXM", "OAM", "NVL72"]).alias("module"),
        (pl.col("form") == "unspecified").alias("form_unstated"),
        (pl.col("vendor") == "AMD").fill_null(False).alias("vendor_amd"),
        *[(pl.col("tier") == tier.removeprefix("tier_")).fill_null(False).alias(tier) for tier in TIERS],
        (pl.col("region_group") == "europe").fill_null(False).alias("region_europe"),
        (~pl.col("region_group").is_in(["europe", "north_america"])).fill_null(False).alias("region_elsewhere"),
        pl.col("region").str.contains("-gov-").alias("region_government"),
    )
    for (commitment,), rows in quotes.group_by("commitment", maintain_order=True):
        found = panel(
            segment_of("gpu_hedonic", commitment=str(commitment)),
            rows,
            facts,
            HARDWARE,
            GPU_DUMMIES,
            TIERS,
            FEWEST_GPUS,
        )
        if found is not None:
            yield found
