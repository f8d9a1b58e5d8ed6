"""List prices of tokens beside their cost and beside each other: margins, markups, cuts, gaps, caching and batches.

Not here: what a token costs to serve (serving/), and whose price is taken.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="percent", source="M32; document 004:145-152")
def output_token_margin_pct(output_list_usd_per_mtok: pl.Expr, true_output_cost_usd_per_mtok: pl.Expr) -> pl.Expr:
    """(price - cost) / price of a million output tokens."""
    return PERCENT * (1.0 - true_output_cost_usd_per_mtok / output_list_usd_per_mtok)


@formula(unit="1", source="M32; document 004:156; ledger I-66")
def input_token_markup(input_list_usd_per_mtok: pl.Expr, true_input_cost_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Price over cost of a million input tokens."""
    return input_list_usd_per_mtok / true_input_cost_usd_per_mtok


@formula(unit="1", source="M32; markup = 1 / (1 - margin)")
def output_token_markup(output_list_usd_per_mtok: pl.Expr, true_output_cost_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Price over cost of a million output tokens."""
    return output_list_usd_per_mtok / true_output_cost_usd_per_mtok


@formula(unit="percent", source="M32; document 004:158")
def list_price_cut_pct(earlier_list_usd_per_mtok: pl.Expr, later_list_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Fall of a list price from one model to its successor."""
    return PERCENT * (1.0 - later_list_usd_per_mtok / earlier_list_usd_per_mtok)


@formula(unit="1", source="M39; document 004:9-19")
def input_price_gap(input_list_usd_per_mtok: pl.Expr, open_input_list_usd_per_mtok: pl.Expr) -> pl.Expr:
    """A model's input price over the open model's."""
    return input_list_usd_per_mtok / open_input_list_usd_per_mtok


@formula(unit="1", source="M39; document 004:9-19")
def output_price_gap(output_list_usd_per_mtok: pl.Expr, open_output_list_usd_per_mtok: pl.Expr) -> pl.Expr:
    """A model's output price over the open model's."""
    return output_list_usd_per_mtok / open_output_list_usd_per_mtok


@formula(unit="1", source="M33; document 004:161")
def cache_write_multiple(cache_write_list_usd_per_mtok: pl.Expr, input_list_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Price of writing to the cache over the price of reading input."""
    return cache_write_list_usd_per_mtok / input_list_usd_per_mtok


@formula(unit="1", source="M33; document 004:162")
def cache_read_multiple(cached_input_list_usd_per_mtok: pl.Expr, input_list_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Price of reading from the cache over the price of reading input."""
    return cached_input_list_usd_per_mtok / input_list_usd_per_mtok


@formula(unit="percent", source="M33; document 004:162")
def cache_read_discount_pct(cache_read_multiple: pl.Expr) -> pl.Expr:
    """What a token read from the cache is cheaper by."""
    return PERCENT * (1.0 - cache_read_multiple)


@formula(unit="count", source="M33; ledger I-67: w + r k <= 1 + k")
def cache_breakeven_reads(cache_write_multiple: pl.Expr, cache_read_multiple: pl.Expr) -> pl.Expr:
    """(w - 1) / (1 - r): reads after which the surcharge of the write is earned back.

    The write itself serves a request: without a cache its tokens would have been read at 1.
    """
    return (cache_write_multiple - 1.0) / (1.0 - cache_read_multiple)


@formula(unit="count", source="M33; ledger I-67: the whole write as extra")
def cache_breakeven_reads_whole_write(cache_write_multiple: pl.Expr, cache_read_multiple: pl.Expr) -> pl.Expr:
    """W / (1 - r): reads that earn back the whole write, as when the cache is filled before anybody asks."""
    return cache_write_multiple / (1.0 - cache_read_multiple)


@formula(unit="count", source="M33; document 004:164")
def cache_breakeven_whole_reads(cache_breakeven_reads: pl.Expr) -> pl.Expr:
    """The first whole number of reads that pays; exact ties count as paid."""
    return cache_breakeven_reads.ceil()


@formula(unit="count", source="M33; document 004:164")
def cache_breakeven_whole_reads_whole_write(cache_breakeven_reads_whole_write: pl.Expr) -> pl.Expr:
    """The first whole number of reads that pays for the whole write."""
    return cache_breakeven_reads_whole_write.ceil()


@formula(unit="1", source="M33: w + r k")
def cached_prompt_cost(cache_write_multiple: pl.Expr, cache_read_multiple: pl.Expr, cache_reads: pl.Expr) -> pl.Expr:
    """Cost of a prompt written once and read k times, in prices of reading it once."""
    return cache_write_multiple + cache_read_multiple * cache_reads


@formula(unit="1", source="M33: 1 + k")
def uncached_prompt_cost(cache_reads: pl.Expr) -> pl.Expr:
    """Cost of the same prompt sent 1 + k times without a cache, in prices of reading it once."""
    return 1.0 + cache_reads


@formula(unit="percent", source="M33; document 004:166")
def batch_discount_pct(batch_list_usd_per_mtok: pl.Expr, standard_list_usd_per_mtok: pl.Expr) -> pl.Expr:
    """What a token of a batch is cheaper by."""
    return PERCENT * (1.0 - batch_list_usd_per_mtok / standard_list_usd_per_mtok)


@formula(unit="usd/Mtok", source="M33; document 004:166")
def discounted_batch_usd_per_mtok(standard_list_usd_per_mtok: pl.Expr, batch_discount_share: pl.Expr) -> pl.Expr:
    """Standard price less the discount of the batch interface."""
    return standard_list_usd_per_mtok * (1.0 - batch_discount_share)
