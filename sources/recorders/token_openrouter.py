"""Recorder of OpenRouter's model list as 31 public web captures show it, 2023-07-26 to 2026-09-02, folded into runs.

The captures ship in the package model-price-radar-mcp 0.1.0 (MIT). What is transcribed: every route's input and
output price, USD per Mtok, zeros, `:free` and `:batch` routes and moving aliases (`~...-latest`) included. A route's
headline price is not the lab's list price.

Not here: what a zero means, which routes are one model (staging's).
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl

from sources.recorders.runs import SEEN, captures, fold, shared_folder, write_history

FOLDER = Path(__file__).parent.parent / "token_prices" / "curated"
ARCHIVE = "token_prices/openrouter_wayback_history_2023-2026.json.gz"
CITATION = "web.archive.org/web/{}/openrouter.ai/api/v1/models"


def sightings(shared: Path) -> pl.DataFrame:
    """One row per model, kind and capture."""
    with gzip.open(shared / "data" / ARCHIVE, "rt", encoding="utf-8") as stream:
        history = json.load(stream)
    rows = [
        (snapshot["date"], model, kind, price)
        for snapshot in history["snapshots"]
        for model, prices in snapshot["prices"].items()
        for kind, price in zip(("input", "output"), prices, strict=True)
        if price is not None
    ]
    frame = pl.DataFrame(rows, schema=["as_of", "model_label", "token_kind", "price"], orient="row")
    return frame.with_columns(pl.col("as_of").str.to_date(), pl.lit("openrouter").alias("capture_group"))


def record(shared: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The runs and the calendar of captures, as they are written."""
    seen = sightings(shared)
    runs = fold(seen, ("model_label", "token_kind"), "capture_group", ("price",))
    day = pl.col("valid_from").dt.strftime("%Y%m%d")
    observations = runs.select(
        pl.lit("openrouter").alias("provider_label"),
        "model_label",
        "token_kind",
        pl.lit("standard").alias("processing"),
        pl.lit("base").alias("tier"),
        "price",
        pl.lit("usd_per_mtok").alias("price_unit"),
        pl.lit("USD").alias("currency"),
        *SEEN,
        pl.format(CITATION, day).alias("citation"),
    ).sort("valid_from", "model_label", "token_kind")
    calendar = captures(seen, "capture_group").select(
        "capture_group",
        pl.col("as_of").alias("capture_date"),
        pl.format(CITATION, pl.col("as_of").dt.strftime("%Y%m%d")).alias("citation"),
    )
    return observations, calendar


def main() -> None:
    """Write both files."""
    write_history(FOLDER, "openrouter_history", *record(shared_folder(__doc__ or "")))


if __name__ == "__main__":
    main()
