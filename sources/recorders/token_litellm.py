"""Recorder of LiteLLM's price map as 13 of its wheels show it, 2023-10 to 2026-11, and as tokencost kept it, 2024-03 to
2025-09 (16 commits), folded into runs.

What is transcribed: input, output, cached input, cache writes and batch prices of text models at the sellers named in
SELLERS, USD per Mtok. Each look is one wheel or commit; a price that a later one no longer lists has ended by then. A
wheel's content is dated between two days; the later one counts, since the price was known by then. Two commits of
tokencost of early 2024 name no sellers and are left out. The map goes on listing models after the day on which it says
they were shut down (`deprecation_date`, of the newest wheel that states it): their prices end on that day.

Not here: other sellers of the map, images, audio and embeddings; which labels are one model (staging's).
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl

from sources.recorders.runs import SEEN, cited_captures, fold, shared_folder, write_history

FOLDER = Path(__file__).parent.parent / "token_prices" / "curated"
PANEL = Path("data") / "token_prices" / "token_price_panel.parquet"
WHEELS = Path("data") / "token_prices" / "payloads"
SOURCES = {
    "litellm_history": ("litellm", "github.com/BerriAI/litellm, wheel {}"),
    "tokencost_history": ("tokencost(litellm)", "github.com/AgentOps-AI/tokencost@{}"),
}
"""By source: the panel's name of it, and how a look is cited."""

SELLERS = (
    "anthropic",
    "azure",
    "azure_ai",
    "bedrock",
    "bedrock_converse",
    "cohere",
    "cohere_chat",
    "deepinfra",
    "deepseek",
    "fireworks_ai",
    "gemini",
    "groq",
    "mistral",
    "moonshot",
    "openai",
    "perplexity",
    "text-completion-openai",
    "together_ai",
    "vertex_ai-anthropic_models",
    "vertex_ai-language-models",
    "xai",
)
"""Labs that sell their own models, the clouds, and the largest hosts, as the map names them."""

PREFIX = rf"^({'|'.join((*SELLERS, 'vertex_ai'))})/"
"""The map puts the seller before some labels; it has a column of its own here."""

MODES = ("chat", "completion", "responses")
NO_TEXT = r"/flux-|-tts$"
"""Labels of models that draw or speak, which the map files under chat."""

PRICES = {
    "input_usd_mtok": ("input", "standard"),
    "output_usd_mtok": ("output", "standard"),
    "cache_read_usd_mtok": ("cached_input", "standard"),
    "cache_write_usd_mtok": ("cache_write", "standard"),
    "batch_input_usd_mtok": ("input", "batch"),
    "batch_output_usd_mtok": ("output", "batch"),
}
DIGITS = 10
"""Significant digits a price keeps: the panel multiplied the map's USD per token by a million."""

KEY = ("provider_label", "model_label", "token_kind", "processing")


def shutdowns(shared: Path) -> pl.DataFrame:
    """provider, model_id and ends: the day each model was or will be shut down, by the newest wheel that says so."""
    stated: dict[tuple[str, str], str] = {}
    for wheel in sorted(
        (shared / WHEELS).glob("litellm_wheel_*.json.gz"), key=lambda path: path.name.split("asof_")[1]
    ):
        with gzip.open(wheel, "rt", encoding="utf-8") as text:
            entries = json.load(text)
        for label, entry in entries.items():
            if isinstance(entry, dict) and "deprecation_date" in entry and label != "sample_spec":
                stated[entry["litellm_provider"], label] = entry["deprecation_date"]
    rows = [(*whose, ends) for whose, ends in stated.items()]
    return pl.DataFrame(rows, schema=["provider", "model_id", "ends"], orient="row").with_columns(
        pl.col("ends").str.to_date("%Y-%m-%d")
    )


def sightings(shared: Path, source_id: str) -> pl.DataFrame:
    """One row per seller, model, kind, processing and look."""
    name, citation = SOURCES[source_id]
    rows = pl.read_parquet(shared / PANEL).filter(
        pl.col("source") == name,
        pl.col("provider").is_in(SELLERS),
        pl.col("mode").is_in(MODES),
        ~pl.col("model_id").str.contains(NO_TEXT),
    )
    rows = rows.join(shutdowns(shared), on=["provider", "model_id"], how="left", maintain_order="left")
    kinds = pl.DataFrame(
        [(column, *of) for column, of in PRICES.items()], schema=["column", "token_kind", "processing"], orient="row"
    )
    return (
        rows.unpivot(
            list(PRICES),
            index=["as_of", "provider", "model_id", "source_ref", "ends"],
            variable_name="column",
            value_name="price",
        )
        .drop_nulls("price")
        .filter(pl.col("ends").is_null() | (pl.col("as_of") < pl.col("ends")))
        .join(kinds, on="column")
        .select(
            "as_of",
            pl.col("provider").alias("provider_label"),
            pl.col("model_id").str.replace(PREFIX, "").alias("model_label"),
            "token_kind",
            "processing",
            pl.col("price").round_sig_figs(DIGITS),
            "ends",
            pl.format(citation, "source_ref").alias("citation"),
        )
        .unique([*KEY, "as_of"], keep="first", maintain_order=True)
    )


def record(shared: Path, source_id: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The runs and the calendar of captures, as they are written."""
    seen = sightings(shared, source_id).with_columns(capture_group="provider_label")
    runs = fold(seen, KEY, "capture_group", ("price",)).with_columns(pl.min_horizontal("valid_to", "ends"))
    observations = runs.select(
        *KEY,
        pl.lit("base").alias("tier"),
        "price",
        pl.lit("usd_per_mtok").alias("price_unit"),
        pl.lit("USD").alias("currency"),
        *SEEN,
        "citation",
    ).sort("valid_from", *KEY)
    return observations, cited_captures(seen)


def main() -> None:
    """Write the two sources' runs and calendars."""
    shared = shared_folder(__doc__ or "")
    for source_id in SOURCES:
        write_history(FOLDER, source_id, *record(shared, source_id))


if __name__ == "__main__":
    main()
