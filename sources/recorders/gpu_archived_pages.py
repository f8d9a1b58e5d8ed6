"""Recorder of neoclouds' own price pages as the Wayback Machine kept them, 2023-01 to 2026-09, folded into runs.

A collector (henryzhangpku, gpu-price-index) read eleven providers' archived pages; prices are transcribed as the pages
quote them, never the collector's normalised ones. Each capture of a provider's page is a look: what it no longer shows
has ended by then, and a price changed somewhere between the look that first shows it and the one before.

Left out are two captures of FluidStack's page (2023-01-11 and 2023-03-15, 67 rows): their table mixes prices by the
hour and by the month, and the collector read all of them as hourly.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.recorders import gpu_runs

SOURCE_ID = "gpu_rates_archived_pages"
FILE = Path("data") / "gpu_rates" / "henryzhangpku_backfill_observations.csv.gz"
MISREAD = ("20230111193654", "20230315011215")

TERM_MONTHS = {
    r"(?i)\b3[- ]?years?\b": 36,
    r"(?i)\b2[- ]year\b": 24,
    r"(?i)\b(1[- ]year|12 month)\b": 12,
    r"(?i)\b6[- ]month": 6,
    r"(?i)\b3[- ]months?\b": 3,
}
"""How the pages word the months a price binds for, in the offer's name or the column above the price."""


def sightings(shared: Path) -> pl.DataFrame:
    """One row per item and capture of a provider's page."""
    rows = pl.read_csv(shared / FILE, infer_schema=False).filter(~pl.col("captured").is_in(MISREAD))
    wording = pl.concat_str("sku", "note", separator=" ")
    term = pl.coalesce(*[pl.when(wording.str.contains(p)).then(pl.lit(float(m))) for p, m in TERM_MONTHS.items()])
    number = pl.col("price_per_gpu_hour", "price_per_instance_hour", "gpu_count", "vram_gb").cast(pl.Float64)
    # The amount the page shows tells whether it quotes the instance or one of its GPUs.
    shown = pl.col("note").str.extract(r"\$([0-9,]+\.?[0-9]*)").str.replace_all(",", "").cast(pl.Float64)
    is_instance = (pl.col("gpu_count") > 1) & (shown == pl.col("price_per_instance_hour"))
    component = pl.col("basis") == "gpu_component"
    reserved = pl.col("commitment") == "reserved"
    return (
        rows.with_columns(number)
        .with_columns(pl.when(reserved).then(term).alias("term_months"))
        .select(
            pl.col("captured").str.head(8).str.to_date("%Y%m%d").alias("as_of"),
            pl.col("source").alias("provider_label"),
            pl.col("sku").alias("sku_label"),
            pl.col("gpu_model").alias("gpu_label"),
            pl.col("vram_gb").alias("gpu_memory_gb"),
            pl.lit(None, pl.String).alias("region_label"),
            "gpu_count",
            gpu_runs.commitment(pl.col("commitment"), pl.col("term_months")),
            "term_months",
            pl.when(component)
            .then(pl.lit("usd_per_gpus_without_machine_hour"))
            .when(is_instance)
            .then(pl.lit("usd_per_instance_hour"))
            .otherwise(pl.lit("usd_per_gpu_hour"))
            .alias("price_unit"),
            "currency",
            pl.when(is_instance).then("price_per_instance_hour").otherwise("price_per_gpu_hour").alias("price"),
            pl.col("archive_url").alias("citation"),
            pl.col("source").alias("capture_group"),
            pl.concat_str(
                pl.when(reserved | pl.col("note").str.contains("promotional")).then("note"),
                pl.when(pl.col("price_kind") == "from_floor").then(pl.lit("the page says from this price")),
                pl.when(pl.col("how_obtained") != "read").then(pl.lit("card inferred from the same before and after")),
                separator="; ",
                ignore_nulls=True,
            )
            .replace("", None)
            .alias("note"),
        )
    )


if __name__ == "__main__":
    gpu_runs.main(__doc__, SOURCE_ID, sightings)
