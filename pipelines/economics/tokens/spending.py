"""Why a bill grows while prices fall: spend as price times volume, and what one request with many calls costs.

An index is the later value over the earlier one: 0.1 is a tenth, 4.2 a rise of 320%.

Not here: how prices are indexed over time (index_numbers), token prices.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="1", source="M27; document 003:45: price and volume move apart")
def spend_index(price_index: pl.Expr, volume_index: pl.Expr) -> pl.Expr:
    """Price x volume: ten times the bill at a tenth of the price and a hundred times the tokens."""
    return price_index * volume_index


@formula(unit="1", source="M27; a fall of x times as an index")
def price_index(price_fall_times: pl.Expr) -> pl.Expr:
    """1 / fall."""
    return 1.0 / price_fall_times


@formula(unit="1", source="M27; document 003:44: a rise in percent as an index")
def bill_index(bill_growth_pct: pl.Expr) -> pl.Expr:
    """1 + growth / 100."""
    return 1.0 + bill_growth_pct / PERCENT


@formula(unit="1", source="M27; document 003:43-45 read together")
def volume_index(bill_index: pl.Expr, price_fall_times: pl.Expr) -> pl.Expr:
    """The volume that makes a bill grow although the price falls: bill index x fall. A stated volume wins over it."""
    return bill_index * price_fall_times


@formula(unit="1", source="M27: elasticity of volume to price between two dates; above 1 the bill grows")
def consumption_elasticity(volume_index: pl.Expr, price_fall_times: pl.Expr) -> pl.Expr:
    """Ln(volume) / ln(fall). The consumption trap is a value above 1: a fall in price is outrun by volume."""
    return volume_index.log() / price_fall_times.log()


@formula(unit="percent", source="M27: additive decomposition in logarithms")
def price_effect_log_pct(price_index: pl.Expr) -> pl.Expr:
    """100 ln(price index): what prices alone add to the logarithm of the bill."""
    return PERCENT * price_index.log()


@formula(unit="percent", source="M27: additive decomposition in logarithms")
def volume_effect_log_pct(volume_index: pl.Expr) -> pl.Expr:
    """100 ln(volume index): what volume alone adds; with the price effect it is the whole change."""
    return PERCENT * volume_index.log()


@formula(unit="percent", source="M27: additive decomposition in logarithms")
def spend_effect_log_pct(price_effect_log_pct: pl.Expr, volume_effect_log_pct: pl.Expr) -> pl.Expr:
    """Price effect + volume effect: 100 ln(spend index), with nothing left over."""
    return price_effect_log_pct + volume_effect_log_pct


@formula(unit="1", source="M27; document 003:44; ledger I-42")
def earlier_inference_share(bill_index: pl.Expr, inference_share: pl.Expr, spend_index: pl.Expr) -> pl.Expr:
    """Share of inference in the earlier bill at which both rises agree: share now x bill index / inference index."""
    return inference_share * bill_index / spend_index


@formula(unit="usd", source="M27; document 003:45: one request makes many calls")
def request_cost_usd(calls_per_request: pl.Expr, attempt_cost_usd: pl.Expr) -> pl.Expr:
    """Calls x cost of one: a call is an attempt of outcomes.py."""
    return calls_per_request * attempt_cost_usd


@formula(unit="percent", source="M27; document 003:46: a price per outcome, whatever it takes")
def outcome_margin_pct(outcome_price_usd: pl.Expr, request_cost_usd: pl.Expr) -> pl.Expr:
    """(price - calls x cost) / price."""
    return PERCENT * (outcome_price_usd - request_cost_usd) / outcome_price_usd


@formula(unit="usd", source="M27; document 003:45-46")
def breakeven_call_cost_usd(outcome_price_usd: pl.Expr, calls_per_request: pl.Expr) -> pl.Expr:
    """Price over calls: what one call may cost at most before an outcome is sold at a loss."""
    return outcome_price_usd / calls_per_request
