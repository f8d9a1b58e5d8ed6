"""Recorder of genai-prices as 19 of its own states show it, 2025-07-31 to 2026-11-04, folded into runs.

The list that is read tells today's prices and, of those that changed, the past: a sample chosen by its outcome. What
it said at the time is in its commits and wheels (MIT), which name their day. Transcribed: input, output and cached
input of a model's standard terms, USD per Mtok, by sellers who set their own prices; not the routers' (OpenRouter's
own list is a source here; Hugging Face passes on its hosts' prices), nor what a subscription counts.

The first state in the archive (2025-06-23) is left out: between it and the next the publisher mended prices that had
been wrong for months (gpt-4o 5 to 2.50, which OpenAI asked since 2024-10; o1-mini 3 to 1.10; deepseek-chat 0.014 to
0.135). Not here: what a price means, which labels are one model (staging's).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from sources.recorders.runs import SEEN, cited_captures, fold, shared_folder, write_history

FOLDER = Path(__file__).parent.parent / "token_prices" / "curated"
ARCHIVE = "token_prices/token_price_panel.parquet"
FIRST = dt.date(2025, 7, 31)
GROUP = "genai_prices"
KINDS = {"input_usd_mtok": "input", "output_usd_mtok": "output", "cache_read_usd_mtok": "cached_input"}
PASSED_ON = ("openrouter", "quicksilverpro", "github-copilot", "cursor")
NOT_TOKENS = ("elevenlabs", "typesafe", "openai-decisions")
PASSED_ON_PREFIX = "huggingface_"
CITATION = "genai-prices, state {} of {}"


def sightings(shared: Path) -> pl.DataFrame:
    """One row per seller, model, kind and state of the list."""
    panel = pl.read_parquet(shared / "data" / ARCHIVE).filter(
        pl.col("source") == "genai-prices",
        pl.col("as_of") >= FIRST,
        ~pl.col("provider").is_in(PASSED_ON + NOT_TOKENS),
        ~pl.col("provider").str.starts_with(PASSED_ON_PREFIX),
    )
    return (
        panel.unpivot(
            index=["as_of", "source_ref", "provider", "model_id"],
            on=list(KINDS),
            variable_name="kind",
            value_name="price",
        )
        .drop_nulls("price")
        .select(
            "as_of",
            pl.col("provider").alias("provider_label"),
            pl.col("model_id").alias("model_label"),
            pl.col("kind").replace_strict(KINDS).alias("token_kind"),
            "price",
            pl.lit(GROUP).alias("capture_group"),
            pl.format(CITATION, "source_ref", "as_of").alias("citation"),
        )
    )


def record(shared: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The runs and the calendar of states, as they are written."""
    seen = sightings(shared)
    runs = fold(seen, ("provider_label", "model_label", "token_kind"), "capture_group", ("price",))
    observations = runs.select(
        "provider_label",
        "model_label",
        "token_kind",
        pl.lit("standard").alias("processing"),
        pl.lit("base").alias("tier"),
        "price",
        pl.lit("usd_per_mtok").alias("price_unit"),
        pl.lit("USD").alias("currency"),
        *SEEN,
        "citation",
    ).sort("valid_from", "provider_label", "model_label", "token_kind")
    return observations, cited_captures(seen)


def main() -> None:
    """Write both files."""
    write_history(FOLDER, "genai_prices_history", *record(shared_folder(__doc__ or "")))


if __name__ == "__main__":
    main()
