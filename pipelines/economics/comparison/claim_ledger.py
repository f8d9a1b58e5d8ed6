"""Counts of a ledger of claims and the rule by which a claim ripens. Not here: the claims (core.claim)."""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="count", source="M30; document 003:55,70,71,76-77: parts of a printed total")
def entries_total(
    first_entries: pl.Expr, second_entries: pl.Expr, third_entries: pl.Expr, fourth_entries: pl.Expr
) -> pl.Expr:
    """The parts added up."""
    return first_entries + second_entries + third_entries + fourth_entries


@formula(unit="count", source="M30; document 003:24: one grade-B source is a caveat, two independent ones are not")
def sources_missing(independent_sources: pl.Expr, required_sources: pl.Expr) -> pl.Expr:
    """Independent sources a claim still lacks to be well-sourced; 0 where it is."""
    return (required_sources - independent_sources).clip(lower_bound=0.0)


@formula(unit="count", source="M30 on core.claim: every figure the documents print, by kind")
def claims_recorded(
    stated_claims: pl.Expr, derived_claims: pl.Expr, market_claims: pl.Expr, benchmark_claims: pl.Expr
) -> pl.Expr:
    """Claims of all kinds."""
    return stated_claims + derived_claims + market_claims + benchmark_claims


@formula(unit="percent", source="M30 on core.claim: what can be computed again")
def derived_share_pct(derived_claims: pl.Expr, claims_recorded: pl.Expr) -> pl.Expr:
    """Share of the claims the document itself derives."""
    return PERCENT * derived_claims / claims_recorded
