"""Recorder of one collector's daily reading of Lambda's and RunPod's price pages, 2026-06-29 to 2026-08-22.

Prices are per GPU. Lambda's offers name their machine's CPUs and memory, which tell sizes apart. RunPod's page gives
one price for secure cloud, entered as on_demand. Memory is what the label or the note states.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.recorders import gpu_runs

SOURCE_ID = "gpu_rates_lambda_runpod"
FILE = Path("data") / "gpu_rates" / "krisjiang_lambda_runpod_daily.csv.gz"
CITATION = "github.com/krisjiang-matrix/gpu_price_track@f137562"
LABEL = r"^(.*?) ([0-9]+) GB "
"""Lambda's label: the GPU, its memory, then the machine."""


def sightings(shared: Path) -> pl.DataFrame:
    """One row per offer and day."""
    rows = pl.read_csv(shared / FILE, infer_schema=False)
    label, note = pl.col("raw_label"), pl.col("notes")
    memory = pl.coalesce(label.str.extract(LABEL, 2), note.str.extract(r"^([0-9]+) GB VRAM"))
    return rows.select(
        pl.col("observed_at_utc").str.head(10).str.to_date().alias("as_of"),
        pl.col("provider").alias("provider_label"),
        label.alias("sku_label"),
        pl.coalesce(label.str.extract(LABEL, 1), label).alias("gpu_label"),
        memory.cast(pl.Float64).alias("gpu_memory_gb"),
        pl.lit(None, pl.String).alias("region_label"),
        pl.lit(None, pl.Float64).alias("gpu_count"),
        pl.lit("on_demand").alias("commitment"),
        pl.lit("usd_per_gpu_hour").alias("price_unit"),
        pl.lit("USD").alias("currency"),
        pl.col("price_usd_per_gpu_hour").cast(pl.Float64).alias("price"),
        pl.lit(CITATION).alias("citation"),
        pl.col("provider").alias("capture_group"),
        pl.format("read from {}", "source_url").alias("note"),
    )


if __name__ == "__main__":
    gpu_runs.main(__doc__, SOURCE_ID, sightings)
