"""Recorder of serving points: SemiAnalysis InferenceX's database of 2026-07-20, one row per configuration and load.

What is transcribed: all 8,063 medians over runs from 2025-09-29 to 2026-07-18, as another project prepared them from
the dump. No row has a day of its own. Throughput counts input and output tokens over all GPUs. Left out: how each side
is split over its GPUs (tensor, expert and data parallel), the reciprocal of the time per token, and the column of GPUs
that read prompts: in 1,276 rows it multiplies two ways of splitting the same GPUs, as their own throughput and speed
show. The count of an engine is how many GPUs it splits a layer over.

Not here: dated single runs, which point is best at a promised speed.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from sources.recorders.runs import shared_folder, write
from sources.throughput.contract import CONTRACTS

FILE = Path("data") / "throughput" / "inferencex_dump_2026-07-20_medians_all_models.csv.gz"
TO = Path(__file__).parent.parent / "throughput" / "curated" / "inferencex_serving_points.csv"
CITATION = "github.com/SemiAnalysisAI/InferenceX, dump of 2026-07-20"
FIRST_RUN, DUMPED = dt.date(2025, 9, 29), dt.date(2026, 7, 20)


def points(shared: Path) -> pl.DataFrame:
    """One row per configuration and load, in the columns of the contract."""
    rows = pl.read_csv(shared / FILE)
    return rows.select(
        pl.col("config_id").cast(pl.String).alias("configuration"),
        pl.col("hardware").alias("gpu_label"),
        pl.col("model").alias("model_label"),
        pl.col("framework").alias("engine"),
        "precision",
        pl.col("spec_method").alias("speculation"),
        pl.when(pl.col("disagg") == 1).then(pl.lit("true")).otherwise(pl.lit("false")).alias("is_disaggregated"),
        pl.when(pl.col("disagg") == 0).then("prefill_tp").alias("gpu_count"),
        pl.col("isl").alias("input_tokens"),
        pl.col("osl").alias("output_tokens"),
        pl.col("conc").alias("concurrency"),
        pl.col("tput_per_gpu_tok_s").alias("tokens_per_s_per_gpu"),
        pl.col("median_tpot_s").alias("seconds_per_output_token"),
        "joules_per_output_token",
        pl.lit(FIRST_RUN).alias("valid_from"),
        pl.lit(None, pl.Date).alias("valid_to"),
        pl.lit(DUMPED).alias("known_from"),
        pl.lit("first_seen").alias("known_basis"),
        pl.lit(DUMPED).alias("last_observed"),
        pl.lit(1).alias("observation_count"),
        pl.lit("B").alias("grade"),
        pl.lit(CITATION).alias("citation"),
        pl.lit(None, pl.String).alias("note"),
    ).sort(
        "model_label",
        "gpu_label",
        pl.col("configuration").cast(pl.Int64),
        "input_tokens",
        "output_tokens",
        "concurrency",
    )


def main() -> None:
    """Write the file."""
    write(points(shared_folder(__doc__ or "")).select(list(CONTRACTS["serving_point"].dtypes)), TO)


if __name__ == "__main__":
    main()
