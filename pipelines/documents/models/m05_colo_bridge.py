"""M05, the colocation bridge: a rate per kW and month as dollars per GPU-hour.

Not here: the rates by market and operator (core.colo_rate_asof).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.mart_kit import owned_gpu, rules
from pipelines.mart_kit.assumed import Core, stated

BRIDGE = "m05_colo_bridge"
HOURLY = ("facility_usd_per_gpu_hour",)


def cases(core: Core) -> Iterator[Cases]:
    """The documents' two rates on facility kW and on contracted kW; recorded rates and servers on contracted kW."""
    rates = stated(core, BRIDGE)
    yield Cases(rates, ("colo_usd_per_gpu_month", *HOURLY), BRIDGE)
    yield Cases(rates, HOURLY, BRIDGE, rules.PROFESSIONAL)
    hours = owned_gpu.owned_cost(newest_day(core)).filter(pl.col("sale") == owned_gpu.MERCHANT)
    named = hours.with_columns(case=pl.concat_str("gpu", "market", separator=" | ")).collect()
    yield Cases(named, HOURLY, "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M05",
    title="Colocation bridge",
    question="What does space for a GPU cost per hour, at a rate per kW and month?",
    where="000:57-58",
    cases=cases,
    inputs=owned_gpu.INPUTS,
    caveats=("I-12", "I-13"),
    note="The documents bill the draw with cooling; colocation is contracted by the kW of the load.",
)
