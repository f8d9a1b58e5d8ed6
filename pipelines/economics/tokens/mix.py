"""The price of a mix of tokens, and the mixes that give a price.

Shares are of tokens, not of time: input read anew, input read from cache, output; they add up to one.

Not here: list prices, and blends by GPU-time (serving/blend.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula


@formula(unit="usd/Mtok", source="M24; document 002:17")
def mix_price_usd_per_mtok(
    input_token_share: pl.Expr,
    cached_token_share: pl.Expr,
    output_token_share: pl.Expr,
    input_price_usd_per_mtok: pl.Expr,
    cached_input_price_usd_per_mtok: pl.Expr,
    output_price_usd_per_mtok: pl.Expr,
) -> pl.Expr:
    """List price of a million tokens of the mix. A kind the mix has none of needs no price."""
    return (
        input_token_share * input_price_usd_per_mtok
        + pl.when(cached_token_share == 0.0).then(0.0).otherwise(cached_token_share * cached_input_price_usd_per_mtok)
        + output_token_share * output_price_usd_per_mtok
    )


@formula(unit="usd/Mtok", source="M24: price of input of which a share is cached")
def mixed_input_price_usd_per_mtok(
    cached_share_of_input: pl.Expr, input_price_usd_per_mtok: pl.Expr, cached_input_price_usd_per_mtok: pl.Expr
) -> pl.Expr:
    """Price of a million input tokens, read anew or from cache."""
    return (
        1.0 - cached_share_of_input
    ) * input_price_usd_per_mtok + cached_share_of_input * cached_input_price_usd_per_mtok


@formula(unit="1", source="M24: o = (p - P_in) / (p_out - P_in)")
def output_share_for_mix_price(
    mix_price_usd_per_mtok: pl.Expr, mixed_input_price_usd_per_mtok: pl.Expr, output_price_usd_per_mtok: pl.Expr
) -> pl.Expr:
    """Share of output tokens at which the mix costs the price; outside 0 to 1 no mix does."""
    above = mix_price_usd_per_mtok - mixed_input_price_usd_per_mtok
    return above / (output_price_usd_per_mtok - mixed_input_price_usd_per_mtok)


@formula(unit="1", source="M24: (1 - o) / o")
def input_per_output_for_mix_price(output_share_for_mix_price: pl.Expr) -> pl.Expr:
    """Input tokens, cached ones included, for each output token of that mix."""
    return (1.0 - output_share_for_mix_price) / output_share_for_mix_price


@formula(unit="1", source="M24: the share of cached input at which input alone costs the price")
def least_cached_share_of_input(
    mix_price_usd_per_mtok: pl.Expr, input_price_usd_per_mtok: pl.Expr, cached_input_price_usd_per_mtok: pl.Expr
) -> pl.Expr:
    """(p_in - p) / (p_in - p_cached): where fresh input costs more than the price, cached input must be above this."""
    return (input_price_usd_per_mtok - mix_price_usd_per_mtok) / (
        input_price_usd_per_mtok - cached_input_price_usd_per_mtok
    )


@formula(
    unit="usd/Mtok",
    source="docs/index_numbers.md#capability-frontier; Epoch AI 2025 blends three input tokens to one of output",
)
def price_usd_per_mtok(
    input_usd_per_mtok: pl.Expr,
    output_usd_per_mtok: pl.Expr,
    input_token_share: pl.Expr,
    output_token_share: pl.Expr,
) -> pl.Expr:
    """List prices of both token kinds, weighted by their shares of the tokens."""
    return input_token_share * input_usd_per_mtok + output_token_share * output_usd_per_mtok
