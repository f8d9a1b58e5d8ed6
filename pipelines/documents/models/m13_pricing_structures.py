"""M13, pricing structures: output over input, discounts for cache, batch, spot and commitment, segments, characters.

Not here: levels of prices over time (M14, marts.price_deflation).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, PROFESSIONAL
from pipelines.mart_kit import document_rows, rules, served
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aggregated, aliased, carry

RATIOS = "m13_output_input_ratio"
DISCOUNTS = "m13_discounts"
SPOT = "m13_spot"
RESERVED = "m13_reserved"
SEGMENTS = "m13_segments"
TOKENIZERS = "measured_tokenizer"
REFERENCE_TOKENIZER = "o200k"
TOKENIZER_OF_MODEL = {
    "claude-2": "claude-2",
    "deepseek-r1": "deepseek-v3",
    "deepseek-v3": "deepseek-v3",
    "deepseek-v4-pro": "deepseek-v4",
    "gemma-3-27b-it": "gemma-3",
    "gpt-3.5-turbo": "cl100k",
    "gpt-4": "cl100k",
    "gpt-4.1": "o200k",
    "gpt-4o": "o200k",
    "gpt-oss-120b": "o200k",
    "llama-2-70b": "llama-2",
    "llama-3.1-70b": "llama-3",
    "llama-3.1-8b": "llama-3",
    "mistral-nemo": "tekken",
    "qwen3.6-plus": "qwen-3.6",
}
"""Models whose vocabulary a package carries; no package carries those of Claude 3 and later, Gemini or Grok."""

BELOW_ON_DEMAND = ("spot", "reserved_1y", "reserved_3y")


def cases(core: Core) -> Iterator[Cases]:
    """What the documents print, then the same structures in the prices of the newest day."""
    yield Cases(stated(core, RATIOS), ("output_input_price_ratio",), RATIOS)
    yield Cases(stated(core, DISCOUNTS), ("price_factor",), DISCOUNTS)
    yield Cases(stated(core, SPOT), ("rental_discount_pct",), SPOT)
    yield Cases(stated(core, RESERVED), ("committed_rent_usd_per_gpu_hour",), RESERVED)
    yield Cases(segments(core), ("gpus_for_volume",), SEGMENTS)
    today = newest_day(core)
    yield Cases(rent_discounts(today), ("rental_discount_pct",), "observed", rules.PROFESSIONAL)
    yield Cases(price_ratios(today), ("output_input_price_ratio",), "observed", rules.PROFESSIONAL)
    yield Cases(tokenizers(core), ("token_count_ratio",), TOKENIZERS, rules.PROFESSIONAL)
    per_character = ("input_price_usd_per_million_characters", "output_price_usd_per_million_characters")
    yield Cases(characters(today), per_character, "observed", rules.PROFESSIONAL)


def segments(core: Core) -> pl.DataFrame:
    """A segment's volume, with what one optimised GPU of the document makes in a day."""
    volumes = stated(core, SEGMENTS)
    rows = document_rows.serving(core)
    if volumes.is_empty() or rows.is_empty():
        return pl.DataFrame()
    optimised = rows.filter(
        (pl.col("throughput_profile") == "document_optimised") & (pl.col("blend") == rules.TIME_60_40)
    )
    made = compute(optimised, ("capacity_mtok_per_day",), reading=AS_PUBLISHED).select(carry("capacity_mtok_per_day"))
    return volumes.join(made, how="cross")


def rent_discounts(core: Core) -> pl.DataFrame:
    """Headline rents below on demand, per GPU and commitment: both over all providers, who need not be the same."""
    rents = core["headline_rate"].filter(pl.col("provider_tier") == "all")
    on_demand = rents.filter(pl.col("commitment") == "on_demand").select(
        "gpu", *aliased({"price_usd_per_gpu_hour": "on_demand_usd_per_gpu_hour"}, ends=False)
    )
    return (
        rents.filter(pl.col("commitment").is_in(BELOW_ON_DEMAND))
        .select("gpu", "commitment", *aliased({"price_usd_per_gpu_hour": "discounted_usd_per_gpu_hour"}, ends=False))
        .join(on_demand, on="gpu")
        .with_columns(case=pl.concat_str("gpu", "commitment", separator=" | "))
        .sort("case")
    )


def price_ratios(core: Core) -> pl.DataFrame:
    """Per provider: the median output over input of its standard list prices, with the 10th and 90th percentile."""
    quotes = core["token_price_asof"].filter(
        (pl.col("processing") == "standard")
        & (pl.col("tier") == rules.TOKEN_TIER)
        & (pl.col("input_usd_per_mtok") > 0)
        & (pl.col("output_usd_per_mtok") > 0)
    )
    renamed = quotes.select(
        "provider",
        "model",
        *aliased({name: served.PRICES[name] for name in ("input_usd_per_mtok", "output_usd_per_mtok")}),
    )
    ratio = pl.col("output_input_price_ratio")
    return (
        compute(renamed, ("output_input_price_ratio",), reading=PROFESSIONAL)
        .group_by(pl.format("provider {}", "provider").alias("case"))
        .agg(
            *aggregated("median", "output_input_price_ratio"),
            ratio.quantile(0.1, "linear").alias("output_input_price_ratio_low"),
            ratio.quantile(0.9, "linear").alias("output_input_price_ratio_high"),
        )
        .sort("case")
    )


def tokenizers(core: Core) -> pl.DataFrame:
    """One row per vocabulary and kind of text, beside the same text in the reference vocabulary."""
    rows = stated(core, TOKENIZERS)
    if rows.is_empty():
        return rows
    parts = pl.col("case").str.split(" | ")
    rows = rows.with_columns(tokenizer=parts.list.first(), text=parts.list.last())
    reference = rows.filter(pl.col("tokenizer") == REFERENCE_TOKENIZER).select(
        "text", *aliased({"tokens_per_1000_characters": "reference_tokens_per_1000_characters"})
    )
    return rows.join(reference, on="text")


def characters(core: Core) -> pl.DataFrame:
    """One row per model of known vocabulary and kind of text: its median list price over providers."""
    rows = tokenizers(core)
    if rows.is_empty():
        return rows
    prices = served.headline_prices(core).collect()
    return (
        prices.with_columns(
            tokenizer=pl.col("model").replace_strict(TOKENIZER_OF_MODEL, default=None, return_dtype=pl.String)
        )
        .join(rows.drop("case"), on="tokenizer")
        .with_columns(case=pl.concat_str("model", "text", separator=" | "))
        .sort("case")
    )


MODEL = Model(
    model_id="M13",
    title="Pricing structures",
    question="How do prices of output, cache, batch, spot and commitment stand to the list price?",
    where="000:114-147; 001:183,190",
    cases=cases,
    inputs=("assumption", "headline_rate", "token_price_asof"),
    caveats=("I-28",),
    note=(
        "A million tokens is not one unit across labs: docs/tokenizers.md. Prices per million characters hold for the "
        "texts measured and the vocabularies that can be had."
    ),
)
