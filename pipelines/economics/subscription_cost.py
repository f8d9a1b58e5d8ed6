"""Cost of a subscriber's tokens in the professional reading: a share of their list price, cache reads at theirs.

No lab publishes what a token costs it; list prices are observed. The share is an assumption, and its range is wide.
Not here: the documents' form (published_subscription.py), what both readings share (subscription.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula


@formula(unit="usd/month", source="list price observed, share of it assumed; cache reads at their own price")
def input_cost_usd_per_month(
    input_mtok_per_day: pl.Expr,
    blended_input_list_usd_per_mtok: pl.Expr,
    compute_share_of_list_price: pl.Expr,
    days_per_month: pl.Expr,
) -> pl.Expr:
    """Days x input of a day x its list price, partly from the cache, x the share that serving costs."""
    return days_per_month * input_mtok_per_day * blended_input_list_usd_per_mtok * compute_share_of_list_price


@formula(unit="usd/month", source="list price observed, share of it assumed")
def output_cost_usd_per_month(
    written_mtok_per_day: pl.Expr,
    output_list_usd_per_mtok: pl.Expr,
    compute_share_of_list_price: pl.Expr,
    days_per_month: pl.Expr,
) -> pl.Expr:
    """Days x output of a day, thinking included, x its list price x the share that serving costs."""
    return days_per_month * written_mtok_per_day * output_list_usd_per_mtok * compute_share_of_list_price
