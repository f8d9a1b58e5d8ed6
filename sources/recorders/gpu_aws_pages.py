"""Recorder of Amazon's own pages, 2026-01 to 2026-09: capacity blocks by region, and on-demand prices of us-east-1.

A capacity block reserves whole instances for days or weeks ahead and is paid up front; its rate is per hour. Read from
four scrapes of the capacity-block page by one collector, and a table of 2026-09 by another. The table gives the month
alone, so it counts as known from the last day of that month. Trainium is no GPU and is left out (37 rows).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.recorders import gpu_runs

SOURCE_ID = "gpu_rates_aws_pages"
FOLDER = Path("data") / "gpu_rates"
BLOCKS = "github.com/koyakimu/ec2-capacity-blocks-for-ml-pricing-json"
TABLE = "github.com/koyakimu/aws-gpu-quick-reference@099b5be"
TABLE_DAY = "2026-09-30"


def sightings(shared: Path) -> pl.DataFrame:
    """One row per offer and page."""
    stated = pl.concat([_blocks(shared), _table(shared)], how="diagonal")
    instance = pl.col("instance_price").is_not_null()
    return stated.select(
        pl.col("day").str.to_date().alias("as_of"),
        pl.lit("aws").alias("provider_label"),
        pl.col("instance_type").alias("sku_label"),
        pl.col("gpu").alias("gpu_label"),
        pl.lit(None, pl.Float64).alias("gpu_memory_gb"),
        pl.col("region").alias("region_label"),
        pl.col("count").cast(pl.Float64).alias("gpu_count"),
        "commitment",
        pl.when(instance)
        .then(pl.lit("usd_per_instance_hour"))
        .otherwise(pl.lit("usd_per_gpu_hour"))
        .alias("price_unit"),
        pl.lit("USD").alias("currency"),
        pl.coalesce("instance_price", "gpu_price").cast(pl.Float64).alias("price"),
        "citation",
        pl.concat_str("region", "commitment", separator="/").alias("capture_group"),
        pl.col("note"),
    ).drop_nulls("price")


def _blocks(shared: Path) -> pl.DataFrame:
    rows = pl.read_csv(shared / FOLDER / "aws_capacity_blocks_history.csv", infer_schema=False)
    return rows.filter(~pl.col("accelerator").str.starts_with("Trainium")).select(
        pl.col("scraped_at").str.head(10).alias("day"),
        "instance_type",
        pl.col("accelerator").alias("gpu"),
        pl.col("accelerator_count").alias("count"),
        pl.col("region_code").alias("region"),
        pl.lit("capacity_block").alias("commitment"),
        pl.col("usd_per_instance_hour").alias("instance_price"),
        pl.col("usd_per_accelerator_hour").alias("gpu_price"),
        pl.format("{}@{}", pl.lit(BLOCKS), "commit").alias("citation"),
        pl.when(pl.col("usd_per_instance_hour").is_null())
        .then(pl.lit("the page gives the rate per GPU"))
        .alias("note"),
    )


def _table(shared: Path) -> pl.DataFrame:
    rows = pl.read_csv(shared / FOLDER / "aws_gpu_quick_reference_2026-09_us-east-1.csv", infer_schema=False)
    of_both: list[pl.Expr] = [
        pl.lit(TABLE_DAY).alias("day"),
        pl.col("instance_type", "gpu", "region"),
        pl.col("gpu_count").alias("count"),
        pl.lit(TABLE).alias("citation"),
        pl.lit("dated by its month, 2026-09").alias("note"),
    ]
    on_demand = rows.select(
        *of_both,
        pl.lit("on_demand").alias("commitment"),
        pl.col("on_demand_usd_per_instance_hour").alias("instance_price"),
    )
    blocks = rows.select(
        *of_both,
        pl.lit("capacity_block").alias("commitment"),
        pl.col("capacity_block_usd_per_gpu_hour").alias("gpu_price"),
    )
    return pl.concat([on_demand, blocks], how="diagonal")


if __name__ == "__main__":
    gpu_runs.main(__doc__, SOURCE_ID, sightings)
