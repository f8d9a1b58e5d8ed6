"""Recorder of price pages of 21 providers as one collector read them by hand on 2026-05-24.

Prices are per GPU and hour. A tier of the collector's is entered as what it binds: secure, production and on-demand as
on_demand, Modal's as serverless, marketplaces without a named host (Akash, Spheron) and GPUs reached over a network
(Thunder's prototyping) as unspecified. CoreWeave's classic list prices the GPU without its machine. Left out: prices
that the collector estimated from another one, and pages it calls two years old (TensorDock).
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl

from sources.recorders import gpu_runs

SOURCE_ID = "gpu_rates_hand_collected"
FILE = Path("data") / "gpu_rates" / "tardellirs_offerings_2026-05-24.json.gz"
CITATION = "github.com/tardellirs/gpu-pricing@8f09a68"
COMMITMENTS = {
    "on-demand": "on_demand",
    "secure": "on_demand",
    "production": "on_demand",
    "spot": "spot",
    "community": "community",
    "marketplace": "unspecified",
    "prototyping": "unspecified",
}
SERVERLESS = ("modal",)
LEFT_OUT = r"(?i)estimated|may be stale|approximate"
WITHOUT_MACHINE = "billed separately"


def sightings(shared: Path) -> pl.DataFrame:
    """One row per offer."""
    with gzip.open(shared / FILE, "rt", encoding="utf-8") as text:
        offers = pl.DataFrame(json.load(text), infer_schema_length=None)
    caveats = pl.col("caveats").list.join("; ")
    said = pl.concat_str(caveats, "notes", separator="; ", ignore_nulls=True)
    rows = offers.with_columns(caveats=caveats, said=said).filter(~pl.col("said").fill_null("").str.contains(LEFT_OUT))
    return rows.select(
        pl.col("collected_at").str.to_date().alias("as_of"),
        pl.col("provider_id").alias("provider_label"),
        pl.concat_str("tier", "notes", separator=": ", ignore_nulls=True).alias("sku_label"),
        pl.concat_str(
            "gpu_model",
            # Where the name says neither form nor link, the column beside it does.
            pl.when(
                pl.col("gpu_model").str.contains(r"(?i)A100|H100")
                & ~pl.col("gpu_model").str.contains(r"(?i)SXM|PCIe|NVL|HGX")
                & pl.col("interconnect").is_in(["SXM", "PCIe"])
            ).then("interconnect"),
            separator=" ",
            ignore_nulls=True,
        ).alias("gpu_label"),
        pl.col("vram_gb").cast(pl.Float64).alias("gpu_memory_gb"),
        pl.lit(None, pl.String).alias("region_label"),
        pl.lit(None, pl.Float64).alias("gpu_count"),
        pl.when(pl.col("provider_id").is_in(SERVERLESS))
        .then(pl.lit("serverless"))
        .otherwise(pl.col("tier").replace_strict(COMMITMENTS))
        .alias("commitment"),
        pl.when(pl.col("caveats").str.contains(WITHOUT_MACHINE))
        .then(pl.lit("usd_per_gpus_without_machine_hour"))
        .otherwise(pl.lit("usd_per_gpu_hour"))
        .alias("price_unit"),
        pl.lit("USD").alias("currency"),
        pl.col("price_usd_hour").alias("price"),
        pl.format("{} ({})", "source_url", pl.lit(CITATION)).alias("citation"),
        pl.col("provider_id").alias("capture_group"),
        pl.col("caveats").replace("", None).alias("note"),
    )


if __name__ == "__main__":
    gpu_runs.main(__doc__, SOURCE_ID, sightings)
