"""M30, the claim ledger: printed totals against their parts, the badge rule, and the claims recorded here.

Not here: what became of each claim (marts.claim_check).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import because

KINDS = {"input": "stated_claims", "derived": "derived_claims", "market": "market_claims"}
KINDS |= {"benchmark": "benchmark_claims"}


def cases(core: Core) -> Iterator[Cases]:
    """The page's counts, its rule, and core.claim by document."""
    yield Cases(stated(core, "m30_ledger"), ("entries_total",), "m30_ledger")
    yield Cases(stated(core, "m30_badge"), ("sources_missing",), "m30_badge")
    yield Cases(_recorded(core["claim"]), ("claims_recorded", "derived_share_pct"), "observed", rules.PROFESSIONAL)


def _recorded(claims: pl.DataFrame) -> pl.DataFrame:
    """One row per document and one for all: how many claims of each kind are recorded."""
    named = claims.select("kind", pl.format("document {}", "document").alias("case"))
    counted = pl.concat([named, claims.select("kind", pl.lit("every document").alias("case"))])
    kinds = [(pl.col("kind") == kind).sum().cast(pl.Float64).alias(name) for kind, name in KINDS.items()]
    reasons = [
        how for kind, name in KINDS.items() for how in because(name, f"rows of core.claim of kind {kind}, counted")
    ]
    return counted.group_by("case").agg(kinds).with_columns(reasons).sort("case")


MODEL = Model(
    model_id="M30",
    title="Claim ledger",
    question="Do printed counts add up, when is a claim well-sourced, and how many claims are there?",
    where="003:12-29,75-79",
    cases=cases,
    inputs=("assumption", "claim"),
    caveats=("I-75",),
)
