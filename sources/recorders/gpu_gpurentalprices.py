"""Recorder of one tracker's daily files (gpurentalprices.com), 2026-07-05 to 2026-10-08, folded into runs.

Each provider's page counts on the day it was read; rows the tracker carries forward because a page could not be read
count for that day, too. Daily files to 2026-08-22, whole files of 2026-09-15 and 09-30, and what was typed of the files
of 2026-08-31, 10-04 and 10-08, without the pages that were typed in part (PARTIAL). Only what the tracker calls
`secure` (RunPod's own data centres) is entered as on_demand. `min_gpus` is what one must rent at once. Daytona's and
Google's prices are for the GPU alone; the machine is billed apart (2.933908 for an A100 40 GB whose smallest machine is
listed at 3.673385).
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl

from sources.gpu_rental import gpurentalprices
from sources.gpu_rental.list_rows import GPU_WITHOUT_MACHINE
from sources.recorders import gpu_runs

SOURCE_ID = "gpu_rates_gpurentalprices"
FOLDER = Path("data") / "gpu_rates"
REPOSITORY = "github.com/adriannutiu/gpu-rental-prices"
TYPED = "gpurentalprices_2026-08-31_to_2026-10-08.csv"
COMMITS = {
    "2026-08-31": "f596704e",
    "2026-09-15": "5f7534ee",
    "2026-09-30": "584d4185",
    "2026-10-04": "1730526d",
    "2026-10-08": "7f1ceef1",
}
WHOLE = ("2026-09-15", "2026-09-30")
PARTIAL = (("2026-08-31", "coreweave"), ("2026-10-04", "azure"), ("2026-10-08", "lium"))
COLUMNS = ("date", "provider", "gpu", "vram_gb", "usd_hr", "kind", "min_gpus", "citation", "note")


def sightings(shared: Path) -> pl.DataFrame:
    """One row per quote and day on which its provider's page was read."""
    rows = pl.concat([_daily(shared), *[_whole(shared, day) for day in WHOLE], _typed(shared)], how="diagonal")
    term = pl.col("commitment_months").cast(pl.Float64, strict=False)
    unread = pl.col("commitment_months").is_not_null() & term.is_null()
    return rows.with_columns(pl.col("kind").replace_strict(gpurentalprices.KINDS), term_months=term).select(
        pl.col("date").str.to_date().alias("as_of"),
        pl.col("provider").alias("provider_label"),
        pl.col("instance").alias("sku_label"),
        pl.col("gpu").alias("gpu_label"),
        pl.col("vram_gb").cast(pl.Float64).alias("gpu_memory_gb"),
        pl.col("region").alias("region_label"),
        pl.col("min_gpus").cast(pl.Float64).alias("gpu_count"),
        gpu_runs.commitment(pl.col("kind"), pl.col("term_months")),
        "term_months",
        pl.when(pl.col("provider").is_in(gpurentalprices.GPU_ALONE))
        .then(pl.lit(GPU_WITHOUT_MACHINE))
        .otherwise(pl.lit("usd_per_gpu_hour"))
        .alias("price_unit"),
        pl.lit("USD").alias("currency"),
        pl.col("usd_hr").cast(pl.Float64).alias("price"),
        "citation",
        pl.col("provider").alias("capture_group"),
        pl.concat_str(
            "note",
            pl.when(unread).then(pl.format("term as listed: {}", "commitment_months")),
            separator="; ",
            ignore_nulls=True,
        )
        .replace("", None)
        .alias("note"),
    )


def _daily(shared: Path) -> pl.DataFrame:
    rows = pl.read_csv(shared / FOLDER / "gpurentalprices_daily.csv.gz", infer_schema=False)
    panel = pl.read_parquet(shared / FOLDER / "gpu_rates_panel.parquet").filter(source="gpurentalprices")
    cited = panel.select(
        pl.col("as_of").cast(pl.String).alias("date"),
        pl.format("github.com/{}@{}", "source_repo", pl.col("source_commit").str.head(12)).alias("citation"),
    ).unique("date")
    return _read_on(rows).join(cited, on="date", how="left").select(COLUMNS)


def _whole(shared: Path, day: str) -> pl.DataFrame:
    payload = json.loads(gzip.decompress((shared / FOLDER / f"gpurentalprices_snapshot_{day}.json.gz").read_bytes()))
    rows = pl.DataFrame(payload["offers"], infer_schema_length=None).with_columns(pl.all().cast(pl.String))
    return _read_on(rows).with_columns(pl.lit(f"{REPOSITORY}@{COMMITS[day]}").alias("citation")).select(COLUMNS)


def _read_on(rows: pl.DataFrame) -> pl.DataFrame:
    read = pl.format("read from {}", "source_url").alias("note")
    return rows.with_columns(pl.col("fetched_at").str.head(10).alias("date"), read)


def _typed(shared: Path) -> pl.DataFrame:
    rows = pl.read_csv(shared / FOLDER / TYPED, infer_schema=False).rename({"usd_per_gpu_hr": "usd_hr"})
    left_out = pl.DataFrame(PARTIAL, schema=["date", "provider"], orient="row")
    return (
        rows.filter(~pl.col("date").is_in(WHOLE))
        .join(left_out, on=["date", "provider"], how="anti")
        .with_columns(
            pl.format("{}@{}", pl.lit(REPOSITORY), pl.col("date").replace_strict(COMMITS)).alias("citation"),
            pl.lit(None, pl.String).alias("note"),
        )
        .select(*COLUMNS, "instance", "region", "commitment_months")
    )


if __name__ == "__main__":
    gpu_runs.main(__doc__, SOURCE_ID, sightings)
