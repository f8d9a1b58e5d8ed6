"""Tokens a GPU serves and what is asked for them: throughput in force on a day, blends, list prices.

On day m the latest round of measurements published by m speaks; before the first there is no row.

Not here: what the GPU-hour costs (owned_gpu.py, rents.py), margins.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import EVERY_SUBJECT, Core, assumed
from pipelines.mart_kit.carry import aggregated, aliased, carry, ruled

INPUTS = ("calendar", "throughput_median", "throughput_profile", "token_price_asof", "assumption")

PRICES = {
    "input_usd_per_mtok": "input_price_usd_per_mtok",
    "cached_input_usd_per_mtok": "cached_input_price_usd_per_mtok",
    "output_usd_per_mtok": "output_price_usd_per_mtok",
}
OUTPUT_ALONE = "input speed is not reported: every second goes to output and input is served unpaid"

MEASURED = "mlperf_"
DOCUMENT = "document_"
PUBLISHED = "published_"

_PROFILE = (
    "gpu",
    "model",
    "throughput_profile",
    pl.col("round").alias("throughput_round"),
    "precision",
    "submission_count",
    "known_from",
)
_SPEEDS = ("output_tokens_per_s_per_gpu", "input_tokens_per_s_per_gpu")


def profiles(core: Core) -> pl.LazyFrame:
    """One row per day, GPU, model and profile: tokens per second and GPU as known on the day."""
    measured = (
        core["throughput_median"]
        .with_columns(throughput_profile=pl.lit(MEASURED) + pl.col("scenario").str.to_lowercase())
        # One precision per configuration and round: the one most submitters ran, the faster of two that tie.
        .sort("submission_count", "output_tokens_per_s_per_gpu", "precision", descending=[True, True, False])
        .unique(["round", "gpu", "model", "scenario"], keep="first", maintain_order=True)
        .select(*_PROFILE, *carry(*_SPEEDS))
    )
    stated = (
        core["throughput_profile"]
        .filter(pl.col("throughput_profile").str.contains(f"^({DOCUMENT}|{PUBLISHED})"))
        .with_columns(known_from=pl.col("valid_from"))
        .select(*_PROFILE, *carry(*_SPEEDS))
    )
    return (
        core["calendar"]
        .select("as_of_date")
        .join(pl.concat([measured, stated]), how="cross")
        .filter(pl.col("known_from") <= pl.col("as_of_date"))
        .sort("known_from", "throughput_round")
        .unique(["as_of_date", "gpu", "model", "throughput_profile"], keep="last", maintain_order=True)
        .drop("known_from")
        .lazy()
    )


def blends(core: Core) -> pl.LazyFrame:
    """One row per blend without cached input: a share of GPU-time, or input tokens per output token."""
    alone = pl.LazyFrame({"blend": [rules.OUTPUT_ONLY]}).with_columns(
        ruled("stated_output_time_share", rules.OUTPUT_ONLY_TIME_SHARE, OUTPUT_ALONE)
    )
    stated = [alone]
    document = assumed(core, "document_serving").filter(pl.col("subject") == EVERY_SUBJECT)
    if not document.is_empty():
        share = document.lazy().select(
            pl.lit(rules.TIME_60_40).alias("blend"),
            *aliased({"output_time_share": "stated_output_time_share"}, ends=False),
        )
        stated.append(share)
    mixes = (
        assumed(core, "blend")
        .filter(pl.col("cached_token_share") == rules.CACHED_SHARE_OF_BLENDS)
        .rename({"subject": "blend"})
    )
    made = pl.concat([*stated, mixes.lazy()], how="diagonal")
    return compute(made, ("input_tokens_per_output_token",), reading=PROFESSIONAL)


def serving(core: Core) -> pl.LazyFrame:
    """Profiles in every blend they can be read in: with input only where its speed is reported."""
    return (
        profiles(core)
        .join(blends(core), how="cross")
        .filter((pl.col("blend") == rules.OUTPUT_ONLY) | pl.col("input_tokens_per_s_per_gpu").is_not_null())
    )


def list_prices(core: Core) -> pl.LazyFrame:
    """One row per day, provider, model and processing: list prices of the base tier with their age."""
    return (
        core["token_price_asof"]
        .lazy()
        .filter(
            pl.col("processing").is_in(rules.TOKEN_PROCESSING)
            & (pl.col("tier") == rules.TOKEN_TIER)
            & (pl.col("output_usd_per_mtok") > 0)
        )
        .select(
            "as_of_date",
            "provider",
            "model",
            "processing",
            *aliased(PRICES),
            pl.col("last_observed").alias("price_last_observed"),
            pl.col("age_days").alias("price_age_days"),
            pl.col("is_stale").alias("price_is_stale"),
        )
    )


def headline_prices(core: Core) -> pl.LazyFrame:
    """One row per day and model: median, lowest and highest list price over providers, and how many there are."""
    price, read = pl.col("output_price_usd_per_mtok"), pl.col("input_price_usd_per_mtok")
    return (
        list_prices(core)
        .filter(pl.col("processing") == rules.MEGAWATT_TOKEN_PROCESSING)
        # As in the headline rent, a fresh price displaces stale ones.
        .filter(pl.col("price_is_stale") == pl.col("price_is_stale").all().over("as_of_date", "model"))
        .group_by("as_of_date", "model")
        .agg(
            *aggregated("median", "output_price_usd_per_mtok"),
            price.min().alias("output_price_usd_per_mtok_low"),
            price.max().alias("output_price_usd_per_mtok_high"),
            *aggregated("median", "input_price_usd_per_mtok"),
            read.min().alias("input_price_usd_per_mtok_low"),
            read.max().alias("input_price_usd_per_mtok_high"),
            pl.len().cast(pl.Int64).alias("provider_count"),
            pl.col("price_last_observed").max(),
            pl.col("price_age_days").min(),
            pl.col("price_is_stale").all(),
        )
    )


def profile_of_model() -> pl.Expr:
    """Profile and model in one value, `mlperf_server/llama-3.1-8b`, for a table without a column for the model."""
    return pl.format("{}/{}", "throughput_profile", "model").alias("throughput_profile")
