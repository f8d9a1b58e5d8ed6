"""M26, self-hosting against an API: the utilisation and volume from which a GPU-hour is cheaper than its tokens.

Not here: staff and failover; observed prices by day (marts.self_host_vs_api).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.mart_kit import document_rows, rules, served
from pipelines.mart_kit.assumed import Core, stated
from pipelines.marts import self_host_vs_api

SELF_HOST = "m26_self_host"
STATED = "m26_stated_breakeven"
FIGURES = (
    "breakeven_utilisation_pct",
    "breakeven_is_reachable",
    "breakeven_mtok_per_day",
    "capacity_mtok_per_day",
)
BASES = (rules.SERVING_RENT_BASIS, rules.OWNED_COLO)
"""Costs of an hour shown here; marts.self_host_vs_api holds every tier of providers."""
CASE = ("model", "gpu", "provider", "throughput_profile", "blend", "rent_basis")


def cases(core: Core) -> Iterator[Cases]:
    """Costs against streams of tokens, the break-evens document 004 states read backwards, and today's prices."""
    rows = document_rows.self_hosting(core)
    if not rows.is_empty():
        cost, profile = pl.col("rent_basis"), pl.col("throughput_profile")
        plain = [column.str.strip_prefix(served.DOCUMENT) for column in (cost, profile)]
        yield Cases(rows.with_columns(case=pl.concat_str(*plain, "blend", separator=" | ")), FIGURES, SELF_HOST)
    yield Cases(stated(core, STATED), ("implied_api_value_usd_per_gpu_hour",), STATED)
    today = self_host_vs_api.frame(newest_day(core)).filter(pl.col("rent_basis").is_in(BASES))
    named = today.with_columns(case=pl.concat_str(*CASE, separator=" | ")).collect()
    yield Cases(named, ("breakeven_utilisation_pct", "breakeven_mtok_per_day"), "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M26",
    title="Self-hosting against an API",
    question="From which utilisation and how many tokens a day is an own GPU cheaper than an API?",
    where="003:5,7,25; 004:184",
    cases=cases,
    inputs=self_host_vs_api.INPUTS,
    note="Above 100% is never: no utilisation makes the GPU cheaper. Prices are those of document 000's 70B example.",
)
