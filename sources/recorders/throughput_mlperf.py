"""Recorder of MLPerf Inference results in tokens per second, rounds v4.1, v5.1 and v6.0, one row per result.

What is transcribed: closed division, available systems, datacenter suite, language models measured in tokens per
second, one kind of accelerator per system. Left out: edge and open results, other units, systems that mix
accelerators (their tokens belong to no one GPU). A system that names its count, "(x87)", has that many: nodes times
accelerators of a node counts the places.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.recorders.runs import shared_folder, write

FOLDER = Path(__file__).parent.parent / "throughput" / "curated"


def main() -> None:
    """Write the results."""
    shared = shared_folder(__doc__ or "")
    results = pl.read_csv(shared / "data" / "throughput" / "mlperf_inference_results.csv", infer_schema_length=None)
    mixed = pl.col("accelerator").str.contains(r"\) and |\),|, AMD|, NVIDIA")
    kept = results.filter(
        pl.col("units") == "Tokens/s",
        pl.col("category") == "closed",
        pl.col("availability") == "available",
        pl.col("suite").str.contains("datacenter"),
        pl.col("scenario").is_in(["Offline", "Server", "Interactive"]),
        pl.col("total_accelerators") > 0,
        ~mixed,
    )
    # A round dated by its month alone counts as known on the month's last day: knowledge is never claimed early.
    whole = pl.col("published").str.to_date("%Y-%m-%d", strict=False)
    day = pl.coalesce(whole, pl.format("{}-01", "published").str.to_date("%Y-%m-%d", strict=False).dt.month_end())
    counted = pl.col("accelerator").str.extract(r"\(x(\d+)\)$").cast(pl.Float64)
    frame = kept.select(
        "round",
        pl.col("result_id").alias("submission_label"),
        pl.col("accelerator").alias("gpu_label"),
        pl.coalesce(counted, "total_accelerators").alias("accelerator_count"),
        pl.col("model").alias("model_label"),
        pl.col("weight_dtype").fill_null("not stated").alias("precision"),
        "scenario",
        pl.col("result").alias("output_tokens_per_s"),
        pl.lit(None, dtype=pl.Float64).alias("input_tokens_per_s"),
        (pl.col("watts_per_accelerator_wall") * pl.col("total_accelerators")).round(3).alias("wall_power_w"),
        day.alias("valid_from"),
        pl.lit(None, dtype=pl.Date).alias("valid_to"),
        day.alias("known_from"),
        pl.lit("published").alias("known_basis"),
        day.alias("last_observed"),
        pl.lit(1).alias("observation_count"),
        pl.lit("A").alias("grade"),
        pl.format("github.com/{}@{} {} {}", "source_repo", "source_commit", "submitter", "platform").alias("citation"),
    ).sort("round", "submission_label", "model_label", "scenario")
    write(frame, FOLDER / "mlperf_inference.csv")


if __name__ == "__main__":
    main()
