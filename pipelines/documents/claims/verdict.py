"""What a published figure is found to be: reproduced, rounds, contradicted, superseded, input or not testable.

The rule is written once, here; docs/adr/0011 says why it is so. Every expression takes the columns published_low,
published_high (null for one figure), print_unit_low, print_unit_high, is_approximate and what it is held against.

Not here: computing the figures that are held against each other.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import polars as pl

REPRODUCED, ROUNDS, CONTRADICTED = "reproduced", "rounds", "contradicted"
SUPERSEDED, INPUT, NOT_TESTABLE = "superseded", "input", "not_testable"

PRINTED_OUT = 1000.0
"""Whole numbers below it are printed to the unit; from it on documents write K, M, B, so that zeros say nothing."""

LEAST_DIGITS = 2
CLOSE = 0.02
CLOSE_ABOUT = 0.05
"""What may lie between a figure and one the document itself calls approximate (~, about, nearly, or in words)."""

MOVED = 0.05
_DUST = 1e-9

Near = Callable[[pl.Expr, pl.Expr, pl.Expr], pl.Expr]


def print_unit(value: float) -> float:
    """The place of the last printed digit: 0.01 of 0.95, 1 of 40, 1000 of 25,000, 100,000 of 1,000,000.

    The end zeros of a whole number from 1000 on are taken for scale (25K), but never so that fewer than two digits
    are left.
    """
    _, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    if value == 0 or not isinstance(exponent, int):
        return 1.0
    if exponent >= 0 and abs(value) < PRINTED_OUT:
        return 1.0
    least = len(digits) + exponent - LEAST_DIGITS
    return float(10.0 ** (min(exponent, least) if exponent >= 0 else exponent))


def prints_as(printed: pl.Expr, ours: pl.Expr, unit: pl.Expr) -> pl.Expr:
    """Whether ours, rounded to the printed digits, is the printed figure."""
    return (ours - printed).abs() <= unit / 2.0 + _DUST * printed.abs().clip(lower_bound=_DUST)


def close_to(printed: pl.Expr, ours: pl.Expr, unit: pl.Expr) -> pl.Expr:
    """Whether ours is less than one unit of the last printed digit away, as a figure cut off is, or at most 2%.

    At most 5% where the document prints it as approximate.
    """
    apart = (ours - printed).abs()
    share = pl.when(pl.col("is_approximate")).then(CLOSE_ABOUT).otherwise(CLOSE)
    return (apart < unit * (1.0 - _DUST)) | (apart <= share * printed.abs() * (1.0 + _DUST))


def of_operands(ours: pl.Expr, ours_low: pl.Expr, ours_high: pl.Expr) -> pl.Expr:
    """The verdict on a figure that the document's own operands give. Null where they give none.

    Ranges are compared end by end. Where only one of the two is a range, the other reproduces it with its base value
    or else rounds to it by lying inside.
    """
    low, high = pl.col("published_low"), pl.col("published_high")
    unit_low, unit_high = pl.col("print_unit_low"), pl.col("print_unit_high")
    printed_range, our_range = high.is_not_null(), ours_low.is_not_null() & ours_high.is_not_null()

    def ends(test: Near, one: pl.Expr, other: pl.Expr) -> pl.Expr:
        return test(low, one, unit_low) & test(high, other, unit_high)

    same = (
        pl.when(printed_range & our_range)
        .then(ends(prints_as, ours_low, ours_high))
        .when(printed_range)
        .then(ends(prints_as, ours, ours))
        .otherwise(prints_as(low, ours, unit_low))
    )
    near = (
        pl.when(printed_range & our_range)
        .then(ends(close_to, ours_low, ours_high))
        .when(printed_range)
        .then(ours.is_between(low, high) | ends(close_to, ours, ours))
        .when(our_range)
        .then(low.is_between(ours_low, ours_high) | close_to(low, ours, unit_low))
        .otherwise(close_to(low, ours, unit_low))
    )
    return (
        pl.when(ours.is_null())
        .then(None)
        .when(same)
        .then(pl.lit(REPRODUCED))
        .when(near)
        .then(pl.lit(ROUNDS))
        .otherwise(pl.lit(CONTRADICTED))
    )


def of_observation(seen: pl.Expr) -> pl.Expr:
    """The verdict on a price, benchmark or input that is observed: still what was published, within 5%, or not."""
    low, high = pl.col("published_low"), pl.coalesce("published_high", "published_low")
    holds = seen.is_between(low - MOVED * low.abs() - _DUST, high + MOVED * high.abs() + _DUST)
    return pl.when(seen.is_null()).then(None).when(holds).then(pl.lit(REPRODUCED)).otherwise(pl.lit(SUPERSEDED))
