"""M11, revenue per megawatt and watt: GPUs a MW feeds, what they earn let by the hour or sold as tokens.

Not here: other markets, terms and bases of the MW (marts.revenue_per_mw).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, PROFESSIONAL
from pipelines.mart_kit import document_rows, rules
from pipelines.mart_kit.assumed import Core, assumed, stated
from pipelines.mart_kit.carry import aliased, carry, dropped

PER_MW = "document_per_mw"
BENCHMARKS = "m11_benchmarks"
SITE = "m11_site"
FACILITY = "m11_facility_basis"
RENTS = "m11_other_rents"
EARNS = ("gpus_per_mw", "revenue_usd_per_mw_year", "revenue_usd_per_watt_year")


def cases(core: Core) -> Iterator[Cases]:
    """The document's table, its site of 100 MW, other rents, the facility basis, benchmarks, and observed rents."""
    rows = slots(core)
    site = stated(core, SITE)
    if not rows.is_empty() and not site.is_empty():
        named = [
            rows.with_columns(case=pl.format("{} | rental", "gpu")),
            tokens(core, rows).with_columns(case=pl.format("{} | managed inference", "gpu")),
        ]
        sold = pl.concat(named, how="diagonal").join(site.drop("case"), how="cross")
        yield Cases(sold, (*EARNS, "site_revenue_usd_per_year"), PER_MW)
        facility = rows.join(stated(core, FACILITY).drop("case"), how="cross")
        facility = compute(facility, ("facility_kw_per_gpu",), reading=AS_PUBLISHED)
        facility = facility.with_columns(
            *aliased({"facility_kw_per_gpu": "basis_kw_per_gpu"}), case=pl.format("{} | facility", "gpu")
        )
        yield Cases(facility, EARNS, FACILITY)
        h100 = rows.filter(pl.col("gpu") == "H100 SXM")
        h100 = dropped(h100, "price_usd_per_gpu_hour")
        yield Cases(stated(core, RENTS).join(h100, how="cross"), EARNS, RENTS)
    yield Cases(stated(core, BENCHMARKS), ("revenue_per_watt_ratio",), BENCHMARKS)
    yield Cases(observed(newest_day(core)), EARNS, "observed", rules.PROFESSIONAL)


def slots(core: Core) -> pl.DataFrame:
    """One row per GPU of the document's table: watts of a server slot, rent and utilisation."""
    rows = document_rows.megawatts(core)
    if rows.is_empty():
        return rows
    return compute(rows, ("server_kw_per_gpu",), reading=AS_PUBLISHED).with_columns(
        aliased({"server_kw_per_gpu": "basis_kw_per_gpu"})
    )


def tokens(core: Core, rows: pl.DataFrame) -> pl.DataFrame:
    """The same GPUs, their hours sold as tokens at the H100's optimised blend, as the document does for all (I-16)."""
    made = document_rows.serving(core).filter(
        (pl.col("throughput_profile") == "document_optimised") & (pl.col("blend") == rules.TIME_60_40)
    )
    made = compute(made, ("price_usd_per_gpu_hour",), reading=AS_PUBLISHED).select(carry("price_usd_per_gpu_hour"))
    return dropped(rows, "price_usd_per_gpu_hour").join(made, how="cross")


def observed(core: Core) -> pl.DataFrame:
    """One row per GPU of known server watts: its on-demand headline rent, at the assumed utilisation, per MW of IT."""
    utilisation = assumed(core, rules.ASSUMPTION_SET).select(carry("utilisation"))
    rent = core["headline_rate"].filter(
        (pl.col("commitment") == rules.SERVING_COMMITMENT) & (pl.col("provider_tier") == "all")
    )
    rows = (
        core["dim_gpu"]
        .filter(pl.col("server_w_per_gpu").is_not_null())
        .select("gpu", *carry("server_w_per_gpu"))
        .join(rent.select("gpu", *carry("price_usd_per_gpu_hour")), on="gpu")
        .join(utilisation, how="cross")
        .with_columns(case=pl.col("gpu"))
        .sort("case")
    )
    rows = compute(rows, ("server_kw_per_gpu",), reading=PROFESSIONAL)
    return rows.with_columns(aliased({"server_kw_per_gpu": "basis_kw_per_gpu"}))


MODEL = Model(
    model_id="M11",
    title="Revenue per megawatt and per watt",
    question="What does a megawatt of GPUs earn in a year, let by the hour or sold as tokens?",
    where="000:99-106",
    cases=cases,
    inputs=("assumption", "dim_gpu", "headline_rate"),
    caveats=("I-15", "I-16", "I-29"),
    note="Observed: on-demand headline rents per MW of servers; marts.revenue_per_mw holds the other terms and bases.",
)
