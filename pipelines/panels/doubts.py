"""Corrections are not price changes: which moves of a list say that the list was wrong, not that a price moved.

A statistics office would ask the seller. Here another source that shows the same prices confirms a move; without one,
and with the thresholds of core.rules_index:

- `corrected_in_first_days`: the first price of a listing, changed within days. Listings that were there on the first
  day of their source are exempt: nobody knows how old they were.
- `reversed_unconfirmed`: a price that came and went within a month, back to what it was before.
- a jump of ten times or more: nothing is left out, but the quote is cut in two there (`part`), and what stands on
  either side is no longer one item. The later part counts as `jump_unconfirmed`.

The first two hold for lists of token prices (`is_list`), which their users write and correct: the labelled sample is of
one. Prices of GPUs float at marketplaces and come back. Spot prices, prices of power and brokers' averages may also
jump (`may_jump`).

Not here: rules that need no history of the quote (price_quotes.py), prices already in quarantine.
"""

from __future__ import annotations

import polars as pl

CORRECTIONS = ("corrected_in_first_days", "reversed_unconfirmed")
"""Values of `left_out` that say the list was wrong."""


def doubted(quotes: pl.DataFrame, *, same: float, jump: float, first_days: float, reversal_days: float) -> pl.DataFrame:
    """The quotes with `left_out` for doubted prices, `is_cut` for the first price after a jump, and `part`.

    `same` is the relative difference below which two prices are one; `jump` a ratio; the others days.
    """
    in_order = quotes.with_row_index("row").sort("item", "quote", "valid_from", "row")
    usable = pl.col("left_out").is_null() & ~pl.col("may_jump") & (pl.col("price") > 0)
    judged = _beside(in_order.filter(usable)).with_columns(
        (pl.col("valid_to") - pl.col("valid_from")).dt.total_days().alias("lasted"),
        pl.col("valid_from").min().over("source_id").alias("source_starts"),
    )
    changes = _differ(pl.col("after"), pl.col("price"), same)
    listed = pl.col("before").is_null() & (pl.col("valid_from") > pl.col("source_starts"))
    returns = ~_differ(pl.col("before"), pl.col("after"), same) & pl.col("before").is_not_null()
    doubts = judged.with_columns(
        pl.coalesce(
            pl.when(listed & changes & (pl.col("lasted") <= first_days)).then(pl.lit("corrected_in_first_days")),
            pl.when(returns & changes & (pl.col("lasted") <= reversal_days)).then(pl.lit("reversed_unconfirmed")),
        ).alias("doubt")
    ).filter(pl.col("doubt").is_not_null() & pl.col("is_list"))
    doubts = doubts.join(_confirmed(doubts, judged, same), on="row", how="anti").select("row", "doubt")
    # A jump to or from a price that is left out is none: the quote goes on from the price before it.
    rest = _beside(judged.join(doubts, on="row", how="anti").drop("before", "after"))
    jumps = rest.filter(_ratio(pl.col("before"), pl.col("price")) >= jump)
    cuts = jumps.join(_confirmed(jumps, judged, same), on="row", how="anti").select("row", is_cut=pl.lit(True))
    return (
        in_order.join(doubts, on="row", how="left")
        .join(cuts, on="row", how="left")
        .sort("item", "quote", "valid_from", "row")
        .with_columns(pl.coalesce("left_out", "doubt"), pl.col("is_cut").fill_null(False))
        .with_columns(pl.col("is_cut").cum_sum().over("item", "quote").alias("part"))
        .drop("row", "doubt")
    )


def _beside(quotes: pl.DataFrame) -> pl.DataFrame:
    """With the prices of the same quote before and after each; the rows are in order."""
    price = pl.col("price")
    return quotes.with_columns(
        price.shift(1).over("item", "quote").alias("before"), price.shift(-1).over("item", "quote").alias("after")
    )


def _ratio(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    return pl.max_horizontal(one / other, other / one)


def _differ(one: pl.Expr, other: pl.Expr, same: float) -> pl.Expr:
    """Whether both are there and not one price."""
    return (_ratio(one, other) > 1.0 + same).fill_null(False)


def _confirmed(candidates: pl.DataFrame, judged: pl.DataFrame, same: float) -> pl.DataFrame:
    """Rows of candidates that another source shows too: their price, and the one they moved from or to."""
    others = judged.select("item", pl.col("source_id").alias("other"), pl.col("price").alias("shown"))
    met = candidates.join(others, on="item").filter(pl.col("other") != pl.col("source_id"))
    seen = met.group_by("row", "other").agg(
        (~_differ(pl.col("shown"), pl.col("price"), same)).any().alias("now"),
        (~_differ(pl.col("shown"), pl.coalesce("before", "after"), same)).any().alias("then"),
    )
    return seen.filter(pl.col("now") & pl.col("then")).select(pl.col("row").unique())
