"""List prices of the newest day for the models document 004 names: which listing each name stands for, and its row.

Not here: prices of other models (core.token_price_asof has all), and any figure.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from pipelines.mart_kit.assumed import Core
from pipelines.mart_kit.carry import aliased

OPUS_4_5 = ("anthropic", "claude-opus-4-5")
SONNET_4_5 = ("anthropic", "claude-sonnet-4-5")
HAIKU_4_5 = ("anthropic", "claude-haiku-4-5")
OPEN_MODEL = ("deepseek", "deepseek-v3.2")

LISTINGS = {
    "GPT-5": ("openai", "gpt-5"),
    "Opus 4.1": ("anthropic", "claude-opus-4-1"),
    "Opus 4.5": OPUS_4_5,
    "Opus 4.5/4.6": OPUS_4_5,
    "Sonnet 4": ("anthropic", "claude-sonnet-4-0"),
    "Sonnet 4.5": SONNET_4_5,
    "Sonnet 4/4.5/4.6": SONNET_4_5,
    "Haiku 4.5": HAIKU_4_5,
    "Haiku 3": ("anthropic", "claude-3-haiku"),
    "Haiku 3.5": ("anthropic", "claude-3-5-haiku-latest"),
    "DeepSeek V3.2": OPEN_MODEL,
}
"""The provider and model a name of the document stands for; of a row of several, the one the text reckons with."""

PLAN_MODELS = ("Opus 4.5", "Sonnet 4.5", "Haiku 4.5")
"""The models whose thinking the document prices (004:260)."""

PRICES = {
    "input_usd_per_mtok": "input_list_usd_per_mtok",
    "cached_input_usd_per_mtok": "cached_input_list_usd_per_mtok",
    "cache_write_usd_per_mtok": "cache_write_list_usd_per_mtok",
    "cache_write_1h_usd_per_mtok": "cache_write_1h_list_usd_per_mtok",
    "output_usd_per_mtok": "output_list_usd_per_mtok",
}


def newest_list_prices(core: Core, processing: str = "standard") -> pl.DataFrame:
    """Base-tier list prices of the newest day, fresh ones alone: provider, model, and the operands of PRICES."""
    prices = core["token_price_asof"].filter(
        (pl.col("processing") == processing) & (pl.col("tier") == "base") & ~pl.col("is_stale")
    )
    newest = prices.filter(pl.col("as_of_date") == pl.col("as_of_date").max())
    return newest.select("as_of_date", "provider", "model", *aliased(PRICES, ends=False))


def named(prices: pl.DataFrame, cases: Iterable[str]) -> pl.DataFrame:
    """A row per name of LISTINGS asked for: `case` and the operands. Names without a fresh price drop out."""
    wanted = [(case, *LISTINGS[case]) for case in cases if case in LISTINGS]
    names = pl.DataFrame(wanted, schema=["case", "provider", "model"], orient="row")
    return names.join(prices, on=["provider", "model"]).sort("case")
