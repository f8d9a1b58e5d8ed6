"""The verdict on a claimed fall of prices beside a measured one, and its reason in words.

Not here: claims, measurements (marts/deflation_claim.py).
"""

from __future__ import annotations

import polars as pl

CAPABILITY, TOKENS, RENT = "capability", "token_price", "rent_from_peak"
"""What a claim is of."""

WIDEST = 100.0
"""An interval whose ends are further apart than this holds nearly every claim: that it holds one says nothing."""


def judged(rows: pl.DataFrame) -> pl.DataFrame:
    """Verdict and reason from the two ranges; a point is a range of no width."""
    low = pl.coalesce("claimed_annual_factor_low", "claimed_annual_factor")
    high = pl.coalesce("claimed_annual_factor_high", "claimed_annual_factor")
    ours_low = pl.coalesce("measured_annual_factor_low", "measured_annual_factor")
    ours_high = pl.coalesce("measured_annual_factor_high", "measured_annual_factor")
    points = (low == high) & (ours_low == ours_high)
    holds = ((low >= ours_low) & (high <= ours_high)) | ((low <= ours_low) & (high >= ours_high))
    verdict = (
        pl.when(~pl.col("is_comparable"))
        .then(pl.lit("not_comparable"))
        .when(points)
        .then(pl.lit("no_interval"))
        .when(low > ours_high)
        .then(pl.lit("above"))
        .when(high < ours_low)
        .then(pl.lit("below"))
        .when(ours_high / ours_low > WIDEST)
        .then(pl.lit("uninformative"))
        .when(holds)
        .then(pl.lit("inside"))
        .otherwise(pl.lit("overlaps"))
    )
    apart = (pl.col("period_to") < pl.col("measured_from")) | (pl.col("measured_to") < pl.col("period_from"))
    scored = pl.lit("the claim is of what a score costs, this of ") + pl.col("compared_with").replace_strict(
        {"average_level": "the mix of models on offer"}, default="the same models' own list prices"
    )
    other = (
        pl.when(pl.col("concept") == TOKENS)
        .then(pl.lit("the claim is of the price of tokens, this of what a score costs"))
        .when(pl.col("concept") == RENT)
        .then(pl.lit("the claim is of one GPU, this of all GPUs by what they can do"))
        .otherwise(scored)
    )
    said = pl.format(
        "claimed {} times a year, measured {}",
        spread(low, high),
        spread(ours_low, ours_high),
    )
    own = (pl.col("segment") == pl.col("milestone")).fill_null(False)
    return rows.with_columns(verdict.alias("verdict"), own.alias("is_its_milestone")).with_columns(
        pl.when(pl.col("is_comparable"))
        .then(said)
        .otherwise(pl.concat_str(other, pl.lit("; "), said))
        .add(pl.when(apart).then(pl.lit("; measured over another period than the claim's")).otherwise(pl.lit("")))
        .alias("reason")
    )


def spread(low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """A range in words, a point where it has no width."""
    three = [end.round_sig_figs(3) for end in (low, high)]
    # Whole from a hundred on: 92,700,000 is not a double's 92699999.99999999.
    whole = [end.round(0).cast(pl.Int64).cast(pl.String) for end in three]
    text = [
        pl.when(end < 100.0).then(end.cast(pl.String)).otherwise(digits)
        for end, digits in zip(three, whole, strict=True)
    ]
    return pl.when(low == high).then(text[0]).otherwise(pl.format("{} to {}", *text))
