"""Tokenizers: one text is more tokens in one lab's vocabulary than in another's, so their $/Mtok are two units.

Not here: any vocabulary or text (bench/tokenizers.py measures them), and how many tokens a model answers with.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import COUNTED_CHARACTERS


@formula(unit="1", source="docs/economics.md#token-cost: the same text in two vocabularies")
def token_count_ratio(tokens_per_1000_characters: pl.Expr, reference_tokens_per_1000_characters: pl.Expr) -> pl.Expr:
    """Tokens of a text over the tokens of the same text in the reference vocabulary."""
    return tokens_per_1000_characters / reference_tokens_per_1000_characters


@formula(unit="usd", source="docs/economics.md#token-cost: list price of input x tokens of a million characters")
def input_price_usd_per_million_characters(
    input_price_usd_per_mtok: pl.Expr, tokens_per_1000_characters: pl.Expr
) -> pl.Expr:
    """What a million characters of a text cost to have read: the same unit for every lab, for this kind of text."""
    return input_price_usd_per_mtok * tokens_per_1000_characters / COUNTED_CHARACTERS


@formula(unit="usd", source="docs/economics.md#token-cost: list price of output x tokens of a million characters")
def output_price_usd_per_million_characters(
    output_price_usd_per_mtok: pl.Expr, tokens_per_1000_characters: pl.Expr
) -> pl.Expr:
    """What a million characters of a text cost to have written, if two models wrote the same text; they do not."""
    return output_price_usd_per_mtok * tokens_per_1000_characters / COUNTED_CHARACTERS
