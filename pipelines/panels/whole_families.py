"""Monthly prices of every GPU by terms and of every model by kind of token: the same items, whoever sells them.

The quotes are those of the matched panels (price_panel.py). Not here: characteristics, regressions.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.trace import current
from pipelines.panels.price_panel import INPUTS as PANEL_INPUTS
from pipelines.panels.price_panel import PUBLISHED, monthly_prices
from pipelines.panels.quotes import TERMS

INPUTS = (*PANEL_INPUTS, "fct_benchmark_score")
MARTS = PUBLISHED
WHOLE_FAMILIES = r"^(gpu_rental/all/[^/]+|tokens/(input|output)/all)$"


def whole_families(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Monthly prices of every GPU by terms and of every model by kind of token, columns as of `monthly_prices`.

    From the marts PUBLISHED where `core` holds them; from the facts where it does not, or where their origin is asked.
    """
    whole = pl.col("segment").str.contains(WHOLE_FAMILIES)
    if current() is None and all(f"marts.{name}" in core for name in MARTS):
        members = core["marts.price_panel_item"].select("segment", "item", *TERMS, "unit").filter(whole)
        return core["marts.price_panel"].rename({"is_observed": "observed"}).join(members, on="item")
    # A list's label may pass from one model to another; as in the published panels, its first one speaks.
    first = pl.col("unit").sort_by("month").first().over("segment", "item")
    return monthly_prices(core).filter(whole).with_columns(first)


def gpu_quotes(core: Mapping[str, pl.DataFrame], prices: pl.DataFrame) -> pl.DataFrame:
    """Quotes of every GPU by month, out of `whole_families`, by commitment: terms are never mixed.

    Beside them: kind (the GPU), form, region and its group, tier and vendor, null where nobody states them, and the
    exchange rate of the month, 1 where the list is in USD.
    """
    return (
        prices.filter(pl.col("segment").str.starts_with("gpu_rental/"))
        .rename({"gpu": "kind", "form_factor": "form"})
        .join(core["dim_provider"].select(pl.col("provider").alias("unit"), "tier"), on="unit", how="left")
        .join(core["dim_gpu"].select(pl.col("gpu").alias("kind"), "vendor"), on="kind", how="left")
        .join(core["region_group"].select("region", "region_group"), on="region", how="left")
        .with_columns(
            pl.col("segment").str.split("/").list.last().alias("commitment"), pl.col("usd_per_currency").fill_null(1.0)
        )
        .sort("commitment", "item", "month")
    )
