"""Chosen quote: one source at a time speaks for an item, and a change of source never shows as a change of price.

In each month the best quote speaks (one that was seen, before one that is only carried; then the standing
`preference`). Where another takes over, the item goes on only if both had a price in the month of the hand-over, the
last of the one or the first of the other, and the two agree (rule `same_price_pct`). Otherwise what follows is
another item: no relative is formed across. So every relative of an item is one source's own, up to the tolerance of
each hand-over.

Not here: prices of a month, what a quote is (price_quotes.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.trace import HOW

KEY = ["item", "quote", "part"]


def voiced(monthly: pl.DataFrame, same: float) -> pl.DataFrame:
    """The rows of those who speak, one per item and month; `item` is numbered where hand-overs cut it.

    `monthly` has a row per quote, part and month, with price (null where it has none), observed and preference.
    `silenced` counts the other quotes of the month.
    """
    order = ["item", "month", "unseen", "preference", "part"]
    ranked = monthly.with_columns((~pl.col("observed") | pl.col("price").is_null()).alias("unseen")).sort(order)
    speakers = ranked.group_by("item", "month", maintain_order=True).agg(
        pl.all().exclude("item", "month").first(), (pl.len() - 1).alias("silenced")
    )
    many = speakers.filter(pl.struct("quote", "part").n_unique().over("item") > 1).drop(
        [name for name in speakers.columns if name.startswith(HOW)]
    )
    if many.is_empty():
        return speakers.drop("unseen")
    named = _cut(many, ranked, same)
    return (
        speakers.join(named, on=["item", "month"], how="left")
        .with_columns(pl.coalesce("cut_item", "item").alias("item"))
        .drop("unseen", "cut_item")
    )


def _cut(speakers: pl.DataFrame, ranked: pl.DataFrame, same: float) -> pl.DataFrame:
    """The item each month of an item with several voices belongs to: item, month, cut_item."""
    prices = ranked.select(*KEY, "month", "price")
    turns = speakers.sort("item", "month").with_columns(
        pl.col("quote", "part", "month", "price").shift(1).over("item").name.prefix("last_")
    )
    same_voice = (pl.col("quote") == pl.col("last_quote")) & (pl.col("part") == pl.col("last_part"))
    agreed = (
        turns.join(
            prices.rename({"quote": "last_quote", "part": "last_part", "price": "old_now"}),
            on=["item", "last_quote", "last_part", "month"],
            how="left",
        )
        .join(
            prices.rename({"month": "last_month", "price": "new_then"}),
            on=[*KEY, "last_month"],
            how="left",
        )
        .with_columns(
            (
                same_voice
                | _alike(pl.col("old_now"), pl.col("price"), same)
                | _alike(pl.col("new_then"), pl.col("last_price"), same)
            )
            .fill_null(False)
            .alias("goes_on")
        )
        .sort("item", "month")
        .with_columns((~pl.col("goes_on")).cum_sum().over("item").alias("stretch"))
    )
    voice = pl.struct("quote", "part")
    # A voice that comes back after another is its own continuation, where nobody else's prices stand in between.
    alone = pl.when(voice.n_unique().over("item", "stretch") == 1)
    first = pl.col("stretch").min().over("item", "quote", "part", "alone")
    return (
        agreed.with_columns(alone.then(True).otherwise(False).alias("alone"))
        .with_columns(pl.when("alone").then(first).otherwise("stretch").alias("stretch"))
        .with_columns(pl.col("stretch").rank("dense").over("item").alias("number"))
        .select(
            "item",
            "month",
            pl.when(pl.col("number").max().over("item") > 1)
            .then(pl.format("{}#{}", "item", "number"))
            .otherwise("item")
            .alias("cut_item"),
        )
    )


def _alike(one: pl.Expr, other: pl.Expr, same: float) -> pl.Expr:
    return (pl.max_horizontal(one / other, other / one) <= 1.0 + same).fill_null(False)
