"""M18, the market for space: rates by market, what is let before it stands, units of revenue, power of racks.

Not here: rates by day (core.colo_rate_asof).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aliased

MARKET, BENCHMARKS, SITE, RATES, RACKS = (
    "m18_market",
    "m18_benchmarks",
    "m18_site_revenue",
    "m18_rates",
    "m18_racks",
)
RATE = "colo_rate_usd_per_kw_month"
UNITS = {RATE: "usd/kW/month"}


def cases(core: Core) -> Iterator[Cases]:
    """The document's tables, and the published asking rates of the newest day (grade C is no observation)."""
    yield Cases(stated(core, RATES), (RATE,), RATES, units=UNITS)
    yield Cases(stated(core, MARKET), ("preleased_mw",), MARKET)
    yield Cases(stated(core, BENCHMARKS), ("watt_year_as_usd_per_kw_month",), BENCHMARKS)
    per_watt = stated(core, SITE)
    yield Cases(per_watt, ("site_usd_per_watt_year",), SITE)
    yield Cases(stated(core, RACKS), ("rack_kw", "rack_power_ratio", "built_kw"), RACKS)
    rates = newest_day(core)["colo_rate_asof"]
    observed = rates.filter(pl.col("grade") != "C").select(
        pl.col("market").alias("case"),
        *aliased({"rate_usd_per_kw_month": RATE}),
    )
    yield Cases(observed, (RATE,), "observed", "professional", UNITS)


MODEL = Model(
    model_id="M18",
    title="Colocation market",
    question="What is asked for a kilowatt of space, and how much of what is being built is already let?",
    where="000:209-214,224-225,248-260",
    cases=cases,
    inputs=("assumption", "colo_rate_asof"),
    caveats=("I-38", "I-39", "I-12"),
)
