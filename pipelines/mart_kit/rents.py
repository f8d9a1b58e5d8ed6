"""Headline rents as the marts use them: one row per day, GPU, commitment and rent basis, with age and provider count.

Not here: how a headline is made (core.headline_rate), costs.
"""

from __future__ import annotations

import polars as pl

from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core
from pipelines.mart_kit.carry import aliased, carry
from pipelines.mart_kit.owned_gpu import MERCHANT, PAID_IN_FULL

INPUTS = ("headline_rate",)
QUANTILES = ("p10", "p50", "p90")


def rents(core: Core) -> pl.LazyFrame:
    """Every headline rate; `rent_basis` is headline_ and the tier of providers, `sale` how its hours are paid for."""
    return (
        core["headline_rate"]
        .lazy()
        .select(
            "as_of_date",
            "gpu",
            "commitment",
            pl.format("headline_{}", "provider_tier").alias("rent_basis"),
            *carry("price_usd_per_gpu_hour"),
            *aliased({f"quote_{p}_usd_per_gpu_hour": f"rent_{p}_usd_per_gpu_hour" for p in QUANTILES}),
            pl.col("quote_count").cast(pl.Int64),
            pl.col("provider_count").cast(pl.Int64),
            pl.col("newest_observed").alias("rent_last_observed"),
            pl.col("age_days").alias("rent_age_days"),
            pl.col("is_stale").alias("rent_is_stale"),
            pl.col("is_indicative").alias("rent_is_indicative"),
            pl.when(pl.col("commitment").is_in(rules.TAKE_OR_PAY))
            .then(pl.lit(PAID_IN_FULL))
            .otherwise(pl.lit(MERCHANT))
            .alias("sale"),
        )
    )
