"""M06, what owning the facility saves, and the barbell: own the base load, rent the rest.

Not here: buying GPUs against renting them (c2_break_even.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aliased, carry
from pipelines.marts import gpu_hour_margin

OWNERSHIP = "m06_ownership"
ADVANTAGE = ("ownership_advantage_usd_per_gpu_hour", "fleet_gpus", "ownership_advantage_usd_per_year")
BLEND = ("barbell_blend_usd_per_gpu_hour",)
COST = "total_cost_usd_per_gpu_hour"
RENT = "price_usd_per_gpu_hour"


def cases(core: Core) -> Iterator[Cases]:
    """The documents' fleet on server and on facility watts; the barbell on recorded costs and headline rents."""
    fleet = stated(core, OWNERSHIP)
    if fleet.is_empty():
        return
    yield Cases(fleet, (*ADVANTAGE, *BLEND), OWNERSHIP)
    hours = gpu_hour_margin.frame(newest_day(core)).filter(
        (pl.col("commitment") == rules.SERVING_COMMITMENT)
        & (pl.col("rent_basis") == rules.SERVING_RENT_BASIS)
        & (pl.col("market") == rules.SERVING_MARKET)
    )
    costs = compute(hours, (COST,), reading=PROFESSIONAL).collect()
    share = fleet.select(carry("owned_share")).head(1)
    stacks = {COST: "owned_stack_usd_per_gpu_hour", RENT: "rented_stack_usd_per_gpu_hour"}
    named = costs.select(pl.col("gpu").alias("case"), *aliased(stacks))
    yield Cases(named.join(share, how="cross"), BLEND, "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M06",
    title="Ownership advantage and barbell",
    question="What does a fleet save a year by owning its facility, and what does a blend of owned and rented cost?",
    where="000:54-56,331-339",
    cases=cases,
    inputs=gpu_hour_margin.INPUTS,
    caveats=("I-07", "I-12", "I-14", "I-15"),
    note="Hours in use are an assumption; 000:54 counts 78,400 GPUs on server watts, 71,300 fit on facility watts.",
)
